package dev.patchbay.hub.channel;

import dev.patchbay.api.Answer;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.Command;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.NotAccepted.Reason;
import dev.patchbay.api.Note;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Reaction;
import dev.patchbay.api.Receipt;
import dev.patchbay.hub.event.HubEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub as one opening of one account sees it. Ended with it: what its plugin left behind, threads that still poll for
 * instance, can bring in nothing afterwards. Safe for many threads.
 */
final class AccountHost implements ChannelHost {
    private static final Logger log = LoggerFactory.getLogger(AccountHost.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ChannelSettings account;
    private final Surroundings hub;
    private final BiConsumer<Condition, String> reports;
    private volatile boolean ended;

    /** What all hosts share. */
    record Surroundings(InboundPort inbound, Channels.Reports reports) {}

    /** A call into the hub on behalf of a plugin. */
    private interface Intake<T> {
        T run(InboundPort port) throws NotAccepted, InterruptedException;
    }

    AccountHost(ChannelSettings account, Surroundings hub, BiConsumer<Condition, String> reports) {
        this.account = account;
        this.hub = hub;
        this.reports = reports;
    }

    /** From now on nothing is taken in, shown or reported. */
    void end() {
        ended = true;
    }

    @Override
    public Receipt receive(InboundMessage message) throws NotAccepted, InterruptedException {
        return take(message, port -> port.receive(account.channel(), account.accountId(), message, Optional.empty()));
    }

    @Override
    public Receipt receive(InboundMessage message, Note note) throws NotAccepted, InterruptedException {
        return take(message, port -> port.receive(account.channel(), account.accountId(), message, Optional.of(note)));
    }

    @Override
    public void keep(Note note) throws NotAccepted, InterruptedException {
        enter(port -> {
            port.keep(account.channel(), account.accountId(), note);
            return true;
        });
    }

    @Override
    public Optional<String> note(String name) throws InterruptedException {
        Thread thread = Thread.currentThread();
        ClassLoader plugins = thread.getContextClassLoader();
        thread.setContextClassLoader(AccountHost.class.getClassLoader());
        try {
            return hub.inbound().note(account.channel(), account.accountId(), name);
        } finally {
            thread.setContextClassLoader(plugins);
        }
    }

    @Override
    public Attachments attachments() {
        return hub.inbound().attachments();
    }

    @Override
    public void reacted(Reaction reaction) {
        if (ended) {
            return;
        }
        var fields = new HashMap<String, String>();
        fields.put("channel", account.channel());
        fields.put("account_id", account.accountId());
        fields.put("peer", reaction.peer().id());
        fields.put("remote_id", reaction.remoteId());
        fields.put("emoji", reaction.emoji());
        fields.put("change", reaction.added() ? "added" : "removed");
        if (reaction.threadId() != null) {
            fields.put("thread_id", reaction.threadId());
        }
        if (reaction.sender() != null) {
            fields.put("sender", reaction.sender().id());
        }
        hub.reports().events().publishPassing("message.reaction", null, null, fields);
    }

    @Override
    public List<Command> commands() {
        return hub.inbound().commands(account.channel(), account.accountId());
    }

    @Override
    public Answer receiveAndWait(InboundMessage message, Duration wait) throws NotAccepted, InterruptedException {
        InboundCheck.wait(wait);
        return take(message, port -> port.receiveAndWait(account.channel(), account.accountId(), message, wait));
    }

    @Override
    public boolean present(OutboundMessage message) {
        if (ended) {
            return false;
        }
        var fields = new HashMap<String, String>();
        fields.put("channel", account.channel());
        fields.put("account_id", account.accountId());
        fields.put("to", message.to().id());
        fields.put("text", message.text());
        fields.put("delivery_id", message.deliveryId());
        if (message.threadId() != null) {
            fields.put("thread_id", message.threadId());
        }
        var events = hub.reports().events();
        return events.present(new HubEvent("message.outbound", null, message.sessionKey(), fields, events.cursor()));
    }

    @Override
    public void report(Condition condition, String reason) {
        if (!ended) {
            reports.accept(condition, reason == null ? "" : reason);
        }
    }

    @Override
    public Clock clock() {
        return hub.inbound().clock();
    }

    private <T> T take(InboundMessage message, Intake<T> intake) throws NotAccepted, InterruptedException {
        try {
            InboundCheck.check(message);
        } catch (NotAccepted refused) {
            hub.reports().meters().inbound(account.channel(), "refused");
            throw refused;
        }
        return enter(intake);
    }

    private <T> T enter(Intake<T> intake) throws NotAccepted, InterruptedException {
        if (ended) {
            throw new NotAccepted(Reason.SHUTTING_DOWN, "this account was closed", RETRY_AFTER);
        }
        // The hub's own code must find its services with the hub's class loader, whoever calls it.
        Thread thread = Thread.currentThread();
        ClassLoader plugins = thread.getContextClassLoader();
        thread.setContextClassLoader(AccountHost.class.getClassLoader());
        try {
            return intake.run(hub.inbound());
        } catch (RuntimeException | Error failure) {
            log.error(
                    "What channel={} account={} handed in was not stored",
                    account.channel(),
                    account.accountId(),
                    failure);
            throw new NotAccepted(Reason.NOT_STORED, "the hub failed; its log says why", RETRY_AFTER);
        } finally {
            thread.setContextClassLoader(plugins);
        }
    }
}
