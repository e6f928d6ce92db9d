package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.methods.GetMe;

/**
 * The connection of one account: a thread that greets the server, does the rounds of its way in, and says how it is doing.
 * Nothing ends it but {@link #close()} and a token that is refused.
 */
final class Link implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Link.class);
    private static final String NAME = "bot-name";
    private static final Duration CALL_MAX = Duration.ofSeconds(10);
    private static final Duration OTHER_POLLER = Duration.ofSeconds(5);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final String accountId;
    private final BotApi api;
    private final ChannelHost host;
    private final Menu menu;
    private final Way way;
    private final Pause pause;
    private final Thread thread;
    private final CountDownLatch tried = new CountDownLatch(1);
    private volatile BotName bot;
    private boolean isGreeted;
    private boolean works;
    private final BackOff backOff = new BackOff();

    /** How updates come in. For one thread. */
    interface Way {

        /** Once after every greeting: tells the server how we want to be reached. */
        void prepare() throws ApiTrouble, InterruptedException;

        /**
         * One stretch of work.
         *
         * @param isFirst true if it is not known whether the connection works
         * @param works to be run as soon as it has been seen to work
         */
        void round(BotName bot, boolean isFirst, Runnable works) throws ApiTrouble, NotAccepted, InterruptedException;
    }

    Link(String accountId, long botId, BotApi api, ChannelHost host, Menu menu, Way way, Pause pause) {
        this.accountId = accountId;
        this.api = api;
        this.host = host;
        this.menu = menu;
        this.way = way;
        this.pause = pause;
        this.bot = new BotName(botId, "");
        this.thread = Thread.ofVirtual().name("telegram-" + accountId).unstarted(this::run);
    }

    /** Starts, and waits a little for the first try, so that what is said about the account is true from the beginning. */
    void start(Duration patience) throws InterruptedException {
        bot = new BotName(bot.id(), host.note(NAME).orElse(""));
        thread.start();
        if (!tried.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            host.report(Condition.DEGRADED, "the server has not answered yet");
        }
    }

    BotName bot() {
        return bot;
    }

    @Override
    public void close() {
        pause.close();
        thread.interrupt();
        try {
            if (!thread.join(CLOSE_MAX)) {
                log.warn("The connection of channel=telegram account={} does not end", accountId);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean goesOn = true;
        while (goesOn && !pause.isClosed()) {
            try {
                goesOn = step();
            } catch (Throwable fault) {
                // Whatever it is: a bot that no longer listens and does not say so is the worst that can happen.
                goesOn = isSurvived(fault);
            }
            tried.countDown();
        }
    }

    private boolean isSurvived(Throwable fault) {
        if (pause.isClosed()) {
            return false;
        }
        try {
            log.error("channel=telegram account={} failed and goes on", accountId, fault);
            return troubled("internal error: " + fault.getClass().getSimpleName(), backOff.next());
        } catch (InterruptedException stop) {
            return false;
        } catch (Throwable again) {
            // Not even that went well, out of memory perhaps; the next step comes all the same.
            return !pause.isClosed();
        }
    }

    /** Answers whether to go on. */
    private boolean step() throws InterruptedException {
        try {
            if (!isGreeted) {
                greet();
                way.prepare();
                isGreeted = true;
            }
            way.round(bot, !works, this::works);
            return true;
        } catch (NotAccepted refused) {
            return troubled("the hub takes nothing in: " + refused.getMessage(), backOff.next());
        } catch (ApiTrouble trouble) {
            return isWorthAnotherTry(trouble);
        }
    }

    private boolean isWorthAnotherTry(ApiTrouble trouble) throws InterruptedException {
        String words = String.valueOf(trouble.getMessage());
        if (trouble.isTokenRefused()) {
            log.error("channel=telegram account={} has failed: token refused ({})", accountId, words);
            host.report(Condition.FAILED, "token refused: " + words);
            return false;
        }
        if (trouble.code() == 409) {
            // It may be a webhook that somebody has set.
            isGreeted = false;
            Duration wait = backOff.next();
            return troubled(
                    "another poller uses this token: " + words, wait.compareTo(OTHER_POLLER) < 0 ? OTHER_POLLER : wait);
        }
        if (trouble.code() == 429) {
            Duration asked = trouble.retryAfter();
            return troubled(words, asked.isZero() ? backOff.next() : asked);
        }
        return troubled(words, backOff.nextForServer());
    }

    private void greet() throws ApiTrouble, NotAccepted, InterruptedException {
        JsonNode me = api.call(new GetMe(), CALL_MAX);
        String name = me.path("username").asText("");
        if (!name.equals(bot.name())) {
            host.keep(new Note(NAME, name));
        }
        bot = new BotName(me.path("id").asLong(bot.id()), name);
        menu.publish();
    }

    private void works() {
        if (!works) {
            works = true;
            backOff.reset();
            host.report(Condition.RUNNING, "");
            tried.countDown();
            log.info("channel=telegram account={} listens as @{}", accountId, bot.name());
        }
    }

    private boolean troubled(String reason, Duration wait) throws InterruptedException {
        works = false;
        log.warn("channel=telegram account={} is in trouble: {}; tries again in {}", accountId, reason, wait);
        host.report(Condition.DEGRADED, reason);
        tried.countDown();
        return pause.of(wait);
    }
}
