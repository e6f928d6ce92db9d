package dev.patchbay.plugin.telegram;

import dev.patchbay.plugin.telegram.Incoming.Acknowledge;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.methods.AnswerCallbackQuery;
import org.telegram.telegrambots.meta.api.methods.botapimethods.BotApiMethod;
import org.telegram.telegrambots.meta.api.methods.reactions.SetMessageReaction;
import org.telegram.telegrambots.meta.api.objects.reactions.ReactionTypeEmoji;

/** What is polite to do and harms nobody if it fails; beside the way of the messages. Safe for many threads. */
final class Courtesies implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Courtesies.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int AT_ONCE_MAX = 32;

    private final BotApi api;
    private final @Nullable String ackReaction;
    private final ExecutorService threads;
    private final Semaphore room = new Semaphore(AT_ONCE_MAX);

    Courtesies(String accountId, BotApi api, @Nullable String ackReaction) {
        this.api = api;
        this.ackReaction = ackReaction;
        this.threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual()
                .name("telegram-" + accountId + "-courtesy-", 0)
                .factory());
    }

    /** The update is dealt with. A message is reacted to only if it was taken in now. */
    void acknowledge(@Nullable Acknowledge what, boolean isTakenIn) {
        switch (what) {
            case null -> {}
            case Acknowledge.Press(var id) ->
                start(AnswerCallbackQuery.builder().callbackQueryId(id).build());
            case Acknowledge.Message(var chat, var message) -> {
                if (isTakenIn && ackReaction != null) {
                    start(SetMessageReaction.builder()
                            .chatId(chat)
                            .messageId(message)
                            .reactionTypes(List.of(ReactionTypeEmoji.builder()
                                    .emoji(ackReaction)
                                    .build()))
                            .build());
                }
            }
        }
    }

    private void start(BotApiMethod<?> method) {
        if (!room.tryAcquire()) {
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    api.call(method, LIMIT);
                } catch (ApiTrouble trouble) {
                    log.debug("{} failed: {}", method.getMethod(), trouble.getMessage());
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                } finally {
                    room.release();
                }
            });
        } catch (RejectedExecutionException closed) {
            room.release();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
