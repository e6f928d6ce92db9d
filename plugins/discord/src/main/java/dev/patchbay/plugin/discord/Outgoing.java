package dev.patchbay.plugin.discord;

import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.Draft;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.dv8tion.jda.api.utils.data.DataObject;
import org.jspecify.annotations.Nullable;

/** The way out: messages, drafts, typing. Safe for many threads. */
final class Outgoing {
    /** A limit that ends this soon is waited for here; a longer one is the hub's to plan with. */
    private static final Duration WAIT_HERE_MAX = Duration.ofSeconds(2);

    private final Api api;
    private final DirectChats directChats;
    private final DiscordSettings settings;
    private final Attachments attachments;
    private final Limits limits;
    private final Reconciliation reconciliation;
    private final Runnable onTokenRefused;

    Outgoing(
            Api api,
            DirectChats directChats,
            DiscordSettings settings,
            Attachments attachments,
            Limits limits,
            Reconciliation reconciliation,
            Runnable onTokenRefused) {
        this.api = api;
        this.directChats = directChats;
        this.settings = settings;
        this.attachments = attachments;
        this.limits = limits;
        this.reconciliation = reconciliation;
        this.onTokenRefused = onTokenRefused;
    }

    DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
        return told(within(message.to(), message.threadId(), channel -> {
            try (Upload upload = Upload.of(message, attachments)) {
                if (message.part() == 1 && message.draftId() != null) {
                    Optional<DeliveryOutcome> replaced = replaceDraft(channel, message.draftId(), message, upload);
                    if (replaced.isPresent()) {
                        return replaced.get();
                    }
                }
                DataObject body = MessageBody.create(message, upload.text(), settings.replyMode());
                return send("POST", channel, "", upload, body);
            } catch (AttachmentUnavailable notNow) {
                return new RetryLater("an attachment cannot be had: " + notNow.getMessage(), Duration.ZERO);
            }
        }));
    }

    DeliveryOutcome draft(Draft draft) throws InterruptedException {
        return told(within(draft.to(), draft.threadId(), channel -> {
            DataObject body = MessageBody.text(draft.text());
            var upload = new Upload(draft.text(), List.of());
            if (draft.remoteId() != null) {
                return send("PATCH", channel, "/" + draft.remoteId(), upload, body);
            }
            MessageBody.reply(body, draft.to(), draft.replyTo(), settings.replyMode());
            return send("POST", channel, "", upload, body);
        }));
    }

    void retract(Draft draft) throws InterruptedException {
        within(draft.to(), draft.threadId(), channel -> {
            ApiAnswer answer = api.call("DELETE", messages(channel) + "/" + draft.remoteId(), null);
            return answer.isOk() ? new Delivered("") : Outcomes.ofFailure(answer);
        });
    }

    void typing(Peer to, @Nullable String threadId) throws InterruptedException {
        within(to, threadId, channel -> {
            ApiAnswer answer = api.post("/channels/" + channel + "/typing", DataObject.empty());
            return answer.isOk() ? new Delivered("") : Outcomes.ofFailure(answer);
        });
    }

    /** Looks for a message whose attempt was cut off. */
    DeliveryOutcome reconcile(OutboundMessage message) throws InterruptedException {
        return within(message.to(), message.threadId(), channel -> reconciliation.find(channel, message));
    }

    private Optional<DeliveryOutcome> replaceDraft(
            String channel, String draftId, OutboundMessage message, Upload upload)
            throws ApiTrouble, InterruptedException {
        if (!Snowflake.isId(draftId)) {
            return Optional.empty();
        }
        DataObject body = MessageBody.replaceDraft(message, upload.text());
        Duration untilOpen = pause("PATCH", channel);
        if (untilOpen.isPositive()) {
            return Optional.of(paced(untilOpen));
        }
        ApiAnswer answer;
        try {
            answer = api.call("PATCH", messages(channel) + "/" + draftId, upload.body(body));
        } catch (ApiTrouble trouble) {
            return Optional.of(Outcomes.of(trouble));
        }
        limits.learn("PATCH" + channel, answer);
        // Deleted by somebody: the answer comes as a message of its own.
        return Outcomes.isUnknownMessage(answer) ? Optional.empty() : Optional.of(Outcomes.of(answer));
    }

    private DeliveryOutcome send(String method, String channel, String suffix, Upload upload, DataObject body)
            throws InterruptedException {
        Duration untilOpen = pause(method, channel);
        if (untilOpen.isPositive()) {
            return paced(untilOpen);
        }
        try {
            ApiAnswer answer = api.call(method, messages(channel) + suffix, upload.body(body));
            limits.learn(method + channel, answer);
            return Outcomes.of(answer);
        } catch (ApiTrouble trouble) {
            return Outcomes.of(trouble);
        }
    }

    /** Waits for a limit that ends soon; answers what is left of one that does not. */
    private Duration pause(String method, String channel) throws InterruptedException {
        Duration untilOpen = limits.untilOpen(method + channel);
        if (untilOpen.isPositive() && untilOpen.compareTo(WAIT_HERE_MAX) <= 0) {
            TimeUnit.NANOSECONDS.sleep(untilOpen.toNanos());
            return Duration.ZERO;
        }
        return untilOpen;
    }

    private static DeliveryOutcome paced(Duration untilOpen) {
        return new Paced("Discord's limit for this channel", untilOpen.plusMillis(1), Paced.Scope.PEER);
    }

    private DeliveryOutcome within(Peer to, @Nullable String threadId, Step step) throws InterruptedException {
        try {
            if (threadId != null) {
                return Snowflake.isId(threadId)
                        ? step.in(threadId)
                        : new Refused("thread " + threadId + " is no Discord id");
            }
            if (!Snowflake.isId(to.id())) {
                return new Refused("peer " + to.id() + " is no Discord id");
            }
            if (to.kind() != Peer.Kind.DIRECT) {
                return step.in(to.id());
            }
            return switch (directChats.with(to.id())) {
                case DirectChats.Open(String channel) -> step.in(channel);
                case DirectChats.Closed(DeliveryOutcome why) -> why;
            };
        } catch (ApiTrouble trouble) {
            return Outcomes.before(trouble);
        }
    }

    private DeliveryOutcome told(DeliveryOutcome outcome) {
        if (outcome instanceof Paced paced && paced.pause().equals(Outcomes.WITHOUT_TOKEN)) {
            onTokenRefused.run();
        }
        return outcome;
    }

    private static String messages(String channel) {
        return "/channels/" + channel + "/messages";
    }

    /** What happens in a channel once it is known which one. */
    @FunctionalInterface
    private interface Step {
        /** @throws ApiTrouble of a request before or beside the message itself */
        DeliveryOutcome in(String channel) throws ApiTrouble, InterruptedException;
    }
}
