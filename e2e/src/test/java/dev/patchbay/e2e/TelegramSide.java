package dev.patchbay.e2e;

import static dev.patchbay.fakes.telegram.TelegramFaults.chat;
import static dev.patchbay.fakes.telegram.TelegramFaults.method;

import dev.patchbay.e2e.Conversation.Kind;
import dev.patchbay.e2e.Conversation.Repeats;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.http.Request;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeChat;
import dev.patchbay.fakes.telegram.FakeTelegram;
import dev.patchbay.fakes.telegram.Media;
import dev.patchbay.fakes.telegram.SentMessage;
import dev.patchbay.fakes.telegram.TelegramFaults;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** People with Telegram, in direct chats and in a group. Telegram hands an update out until it is confirmed, and shows what is sent twice. */
final class TelegramSide implements AutoCloseable {
    private static final Predicate<Request> SENDS =
            method("sendMessage").or(method("sendDocument")).or(method("editMessageText"));

    private final FakeTelegram telegram = FakeTelegram.start();
    private final FakeBot bot = telegram.addBot("42:first", "first_bot");
    private final Misfortune misfortune;
    private final Talkers talkers;
    private final Map<Long, Far> chats = new ConcurrentHashMap<>();

    /** What happens at the other end of a conversation; a lane is served one call at a time. */
    private static final class Far {
        final Conversation conversation;
        volatile boolean isAnswered = true;

        Far(Conversation conversation) {
            this.conversation = conversation;
        }
    }

    TelegramSide(Talkers talkers, Misfortune misfortune) {
        this.talkers = talkers;
        this.misfortune = misfortune;
        bot.watch(this::shown);
        telegram.faults().every(100, method("getUpdates"), Fault.resetAfter());
    }

    String url() {
        return telegram.url();
    }

    void direct(long id) {
        people(bot.direct(id), "direct:" + id);
    }

    void group(long id) {
        people(bot.group(id, "group"), "default:group:" + id);
    }

    /** A chat that only listens. */
    Conversation listener(long id) {
        return join(bot.direct(id), "messages.send to Telegram", Optional.empty(), true);
    }

    /** Hands some updates out twice. */
    void stutter() {
        bot.repeatNext(3);
    }

    boolean isConfirmed() {
        return bot.unconfirmed() == 0;
    }

    /** Whatever a hub that has ended had sent is shown now, or never. */
    void hangUp(Duration limit) throws IOException, InterruptedException {
        if (!telegram.hangUp(limit)) {
            throw new AssertionError("a call is still being answered after " + limit);
        }
    }

    @Override
    public void close() {
        telegram.close();
    }

    private void people(FakeChat chat, String session) {
        Conversation conversation = join(chat, "Telegram", Optional.of("agent:main:telegram:" + session), false);
        talkers.talk(conversation, (number, text) -> {
            if (Numbered.hasFile(number)) {
                chat.user()
                        .sends(Media.document("file.txt", "text/plain", Numbered.file(number))
                                .captioned(text));
            } else {
                chat.userSays(text);
            }
            return true;
        });
    }

    private Conversation join(FakeChat chat, String way, Optional<String> session, boolean mayBeLong) {
        String peer = Long.toString(chat.id());
        var far = new Far(talkers.join(new Kind(way, "telegram", peer, session, mayBeLong, Repeats.SHOWN)));
        chats.put(chat.id(), far);
        Predicate<Request> here = SENDS.and(chat(chat.id()));
        telegram.faults().add(request -> here.test(request) ? trouble(far) : Fault.none());
        return far.conversation;
    }

    private Fault trouble(Far far) {
        Misfortune.Kind kind = misfortune.draw();
        far.isAnswered = kind != Misfortune.Kind.UNANSWERED;
        return Misfortune.fault(kind, TelegramFaults.tooManyRequests(1));
    }

    private void shown(FakeChat chat, SentMessage message) {
        Far far = chats.get(chat.id());
        if (far == null) {
            return;
        }
        if (!message.edits().isEmpty()) {
            far.conversation.violated("an edit: " + message);
            return;
        }
        far.conversation.arrived(
                chat.id() + ":" + message.messageId(),
                message.text(),
                message.files().size(),
                far.isAnswered);
    }
}
