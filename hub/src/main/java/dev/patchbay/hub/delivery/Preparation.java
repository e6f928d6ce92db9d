package dev.patchbay.hub.delivery;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.lane.SortableIds;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.LaneKey;
import dev.patchbay.hub.store.NewDelivery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;

/** Makes rows of messages: what the account can carry, in which lane, until when. Safe for many threads. */
final class Preparation {
    private final Outlets outlets;
    private final Function<String, DeliveryPolicy> policies;
    private final Function<Attachment, String> fileLines;
    private final SortableIds ids;
    private final Clock clock;

    /**
     * @param fileLines says in a line of text what an attachment is, for channels that carry none
     */
    Preparation(
            Outlets outlets,
            Function<String, DeliveryPolicy> policies,
            Function<Attachment, String> fileLines,
            World world) {
        this.fileLines = fileLines;
        this.outlets = outlets;
        this.policies = policies;
        this.ids = new SortableIds(world.clock(), world.random());
        this.clock = world.clock();
    }

    /** See {@link Deliveries#prepare}. */
    Prepared prepare(Outbound message) throws DeliveryRefused {
        Outlets.Traits traits = outlets.traits(message.channel(), message.accountId())
                .orElseThrow(() -> DeliveryRefused.unknownAccount(message.channel(), message.accountId()));
        if (!traits.can(Capability.SEND)) {
            throw new DeliveryRefused(
                    DeliveryRefused.Reason.CANNOT_SEND,
                    "account " + message.accountId() + " of channel " + message.channel() + " cannot send");
        }
        OutboundBody body = OutboundBody.of(message, traits, fileLines);
        int parts = body.parts().size();
        if (body.text().isBlank() && body.attachments().isEmpty()) {
            throw new DeliveryRefused(DeliveryRefused.Reason.EMPTY, "the text is blank");
        }
        // As exact as the store keeps it: what is sent must read the same after a restart.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Duration ttl = message.ttl().orElse(policies.apply(message.channel()).ttl());
        var row = new NewDelivery(
                ids.next(),
                lane(message, traits),
                message.messageId(),
                message.sessionKey(),
                body.toJson(),
                parts,
                now,
                now.plus(ttl),
                message.isPossiblyRepeated());
        return new Prepared(row, body);
    }

    /** Ids that were given out up to this moment are in use. */
    void startAfter(Instant latest) {
        // It is written down once a minute.
        ids.startAfter(latest.plus(Duration.ofMinutes(1)));
    }

    static LaneKey lane(Outbound message, Outlets.Traits traits) {
        Peer to = traits.meant(message.to());
        return new LaneKey(message.channel(), message.accountId(), to.kind().word(), to.id(), message.threadId());
    }
}
