package dev.patchbay.plugin.discord;

import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.OutboundMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.dv8tion.jda.api.utils.data.DataArray;
import net.dv8tion.jda.api.utils.data.DataObject;

/** Finds out whether a message is on Discord. Safe for many threads. */
record Reconciliation(Api api, SentLog sent, Clock clock) {
    private static final int PAGE = 100;
    private static final int PAGES_MAX = 5;

    /** Discord's clock and ours may differ by so much. */
    private static final Duration SKEW = Duration.ofMinutes(2);

    /**
     * How long a repeat with the same nonce is the same message: "the past few minutes", says Discord, and we take it at its
     * smallest.
     */
    private static final Duration NONCE_HOLDS = Duration.ofMinutes(2);

    DeliveryOutcome find(String channel, OutboundMessage message) throws ApiTrouble, InterruptedException {
        String draftId = message.part() == 1 ? message.draftId() : null;
        if (draftId != null && Snowflake.isId(draftId)) {
            return draft(channel, draftId, message.text());
        }
        String nonce = Nonce.of(message.idempotencyKey());
        Optional<String> told = sent.find(nonce);
        return told.isPresent() ? new Delivered(told.get()) : search(channel, message, nonce);
    }

    private DeliveryOutcome search(String channel, OutboundMessage message, String nonce)
            throws ApiTrouble, InterruptedException {
        Instant since = message.createdAt().minus(SKEW);
        Optional<DataObject> alike = Optional.empty();
        String before = "";
        for (int page = 0; page < PAGES_MAX; page++) {
            ApiAnswer answer = api.get("/channels/" + channel + "/messages?limit=" + PAGE + before);
            Optional<DataArray> messages = answer.isOk() ? answer.array() : Optional.empty();
            if (messages.isEmpty()) {
                return new Unknown("the channel's history cannot be read: " + answer.words());
            }
            List<DataObject> found = MessageReader.objects(messages.get());
            for (DataObject each : found) {
                if (nonce.equals(each.getString("nonce", ""))) {
                    return new Delivered(each.getString("id"));
                }
                if (sentAt(each).isBefore(since)) {
                    return verdict(alike);
                }
                if (alike.isEmpty() && isAlike(each, message)) {
                    alike = Optional.of(each);
                }
            }
            if (found.size() < PAGE) {
                return verdict(alike);
            }
            before = "&before=" + found.getLast().getString("id");
        }
        return alike.isPresent() ? verdict(alike) : new Unknown("not among the channel's latest messages");
    }

    private static boolean isAlike(DataObject each, OutboundMessage message) {
        return each.isNull("nonce")
                && each.optObject("author")
                        .map(author -> author.getBoolean("bot", false))
                        .orElse(false)
                && each.getString("content", "").startsWith(message.text());
    }

    /**
     * The history does not show nonces, so a message with this text may be ours or an earlier one alike. As long as the nonce
     * holds, Discord tells them apart when it is sent again; later we take it for ours rather than say it twice.
     */
    private DeliveryOutcome verdict(Optional<DataObject> alike) {
        if (alike.isEmpty()) {
            return new RetryLater("the channel does not have it", Duration.ZERO);
        }
        Instant at = sentAt(alike.get());
        return at.isBefore(clock.instant().minus(NONCE_HOLDS))
                ? new Delivered(alike.get().getString("id"))
                : new RetryLater("sent again under its nonce, which Discord shows once", Duration.ZERO);
    }

    /** A change that is made twice is made once. */
    private DeliveryOutcome draft(String channel, String draftId, String text) throws ApiTrouble, InterruptedException {
        ApiAnswer answer = api.get("/channels/" + channel + "/messages/" + draftId);
        boolean isThere = answer.isOk()
                && answer.object()
                        .map(json -> json.getString("content", ""))
                        .orElse("")
                        .startsWith(text);
        return isThere ? new Delivered(draftId) : new RetryLater("the draft is not replaced yet", Duration.ZERO);
    }

    /** Never if it cannot be read: then only the number of pages bounds the search. */
    private static Instant sentAt(DataObject message) {
        return MessageReader.time(message, "timestamp").orElse(Instant.MAX);
    }
}
