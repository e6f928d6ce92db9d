package dev.patchbay.hub.channel;

import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.Draft;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.HttpReceiver;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.plugin.PluginCalls;
import dev.patchbay.hub.plugin.PluginFault;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A plugin's open channel behind a guard: whatever it throws becomes an outcome, whatever hangs is given up, and once it is
 * being closed nothing enters any more. Safe for many threads.
 */
final class Connection implements Channel {
    static final int HTTP_AT_ONCE = 1_000;

    /** One minute more than the longest wait for an agent's answer. */
    private static final Duration HTTP_LIMIT = InboundCheck.WAIT_MAX.plusMinutes(1);

    private static final Duration COURTESY_LIMIT = Duration.ofSeconds(10);
    private static final Duration WAIT_MAX = Duration.ofDays(1);
    private static final int REMOTE_ID_MAX = 1_024;

    private final Channel channel;
    private final PluginCalls calls;
    private final Duration attempt;
    private final AccountLog log;
    private final Runnable onLate;
    private final Semaphore http = new Semaphore(HTTP_AT_ONCE);
    private int sending;
    private boolean closing;

    /**
     * @param attempt the bound on one delivery
     * @param onLate called whenever a call had to be given up
     */
    Connection(Channel channel, PluginCalls calls, Duration attempt, AccountLog log, Runnable onLate) {
        this.channel = channel;
        this.calls = calls;
        this.attempt = attempt;
        this.log = log;
        this.onLate = onLate;
    }

    @Override
    public DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
        return guarded("deliver", attempt, () -> channel.deliver(message));
    }

    @Override
    public DeliveryOutcome reconcile(OutboundMessage message) throws InterruptedException {
        return guarded("reconcile", attempt, () -> channel.reconcile(message));
    }

    @Override
    public DeliveryOutcome draft(Draft draft) throws InterruptedException {
        return guarded("draft", COURTESY_LIMIT, () -> channel.draft(draft));
    }

    @Override
    public void typing(Peer to, @Nullable String threadId) throws InterruptedException {
        courtesy("typing", () -> channel.typing(to, threadId));
    }

    @Override
    public void retract(Draft draft) throws InterruptedException {
        courtesy("retract", () -> channel.retract(draft));
    }

    private interface Courtesy {
        void pay() throws Exception;
    }

    /** What goes wrong costs nobody anything. */
    private void courtesy(String what, Courtesy courtesy) throws InterruptedException {
        if (!enter()) {
            return;
        }
        try {
            calls.call(what, COURTESY_LIMIT, () -> {
                courtesy.pay();
                return true;
            });
        } catch (PluginFault fault) {
            log.fault(what, fault);
            if (fault.isLate()) {
                onLate.run();
            }
        } finally {
            leave();
        }
    }

    /** Not for those who deliver: {@link Account} closes what it opened. */
    @Override
    public void close() {}

    boolean takesHttp() {
        return channel instanceof HttpReceiver;
    }

    /** Answers one request; nothing that goes wrong in the plugin shows in the answer. */
    HttpAnswer receive(HttpCall call) throws InterruptedException {
        if (!(channel instanceof HttpReceiver receiver)) {
            return error(404, "not found");
        }
        if (!http.tryAcquire()) {
            return error(503, "too many requests at once").with("Retry-After", "1");
        }
        if (isClosing()) {
            http.release();
            return error(503, "the account is not open").with("Retry-After", "1");
        }
        try {
            // A hub call's result may be null whatever its type says: plugins are compiled elsewhere.
            @Nullable HttpAnswer answer = calls.call("http", HTTP_LIMIT, () -> receiver.receive(call));
            if (answer != null && headersAreSafe(answer)) {
                return answer;
            }
            log.fault("receive", answer == null ? "no answer" : "a header with a line break");
        } catch (PluginFault fault) {
            log.fault("receive", fault);
            if (fault.isLate()) {
                onLate.run();
            }
        } finally {
            http.release();
        }
        return error(500, "internal error");
    }

    /** From now on nothing is handed to the plugin; what is under way goes on. */
    synchronized void stopSending() {
        closing = true;
    }

    /** Waits until no delivery is under way; each is bounded. */
    synchronized void awaitQuiet() throws InterruptedException {
        while (sending > 0) {
            wait();
        }
    }

    /** Waits until no request is being answered, but no longer than {@code wait}: a client may be slow on purpose. */
    void awaitAnswered(Duration wait) throws InterruptedException {
        if (http.tryAcquire(HTTP_AT_ONCE, wait.toNanos(), TimeUnit.NANOSECONDS)) {
            http.release(HTTP_AT_ONCE);
        }
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    static HttpAnswer error(int status, String message) {
        return HttpAnswer.json(status, "{\"error\":\"" + message + "\"}");
    }

    private DeliveryOutcome guarded(String what, Duration limit, Callable<@Nullable DeliveryOutcome> work)
            throws InterruptedException {
        if (!enter()) {
            return new Paced("the account is not open", Duration.ofSeconds(1), Paced.Scope.ACCOUNT);
        }
        try {
            DeliveryOutcome outcome = calls.call(what, limit, work);
            if (outcome == null) {
                log.fault(what, "no outcome");
                return new Unknown("the plugin gave no outcome");
            }
            return tidy(outcome);
        } catch (PluginFault fault) {
            log.fault(what, fault);
            if (fault.isLate()) {
                onLate.run();
            }
            return new Unknown(log.tidy("plugin fault: " + fault.getMessage()));
        } finally {
            leave();
        }
    }

    private synchronized boolean enter() {
        if (closing) {
            return false;
        }
        sending++;
        return true;
    }

    private synchronized void leave() {
        sending--;
        notifyAll();
    }

    /** What a plugin says is stored and shown: bounded, and without secrets. */
    private DeliveryOutcome tidy(DeliveryOutcome outcome) {
        return switch (outcome) {
            case Delivered(var remoteId) ->
                remoteId.length() <= REMOTE_ID_MAX ? outcome : new Delivered(remoteId.substring(0, REMOTE_ID_MAX));
            case RetryLater(var reason, var after) -> new RetryLater(log.tidy(reason), bounded(after));
            case Paced(var reason, var pause, var scope) -> new Paced(log.tidy(reason), bounded(pause), scope);
            case Refused(var reason) -> new Refused(log.tidy(reason));
            case Unknown(var reason) -> new Unknown(log.tidy(reason));
        };
    }

    private static Duration bounded(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : wait;
    }

    private static boolean headersAreSafe(HttpAnswer answer) {
        return answer.headers().entrySet().stream()
                .allMatch(header -> isOneLine(header.getKey()) && isOneLine(header.getValue()));
    }

    private static boolean isOneLine(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }
}
