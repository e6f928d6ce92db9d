package dev.patchbay.plugin.telegram;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Short ways to say what the tests of this plugin need. */
final class Bots {
    static final String TOKEN = "4242:AAtesttoken_-x";
    static final String NAME = "patchbay_bot";
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Bots() {}

    static ChannelSettings settings(Map<String, ?> account) {
        return new ChannelSettings("telegram", "default", Settings.of(account), Settings.EMPTY);
    }

    /** An account at a server of a test; polls briefly, so that tests end soon. */
    static ChannelSettings at(String url, Object... keysAndValues) {
        var account = new HashMap<String, Object>();
        account.put("token", TOKEN);
        account.put("api-url", url);
        account.put("poll-timeout", "2s");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            account.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
        }
        return settings(account);
    }

    static Channel open(ChannelSettings settings, ChannelHost host) throws InterruptedException {
        return new TelegramPlugin().open(settings, host);
    }

    static OutboundMessage text(Peer to, String text) {
        return message(to, text, null, null, List.of(), List.of(), null);
    }

    static OutboundMessage message(
            Peer to,
            String text,
            @Nullable String threadId,
            @Nullable String replyTo,
            List<Attachment> attachments,
            List<Button> buttons,
            @Nullable String draftId) {
        return new OutboundMessage(
                "01TESTDELIVERY",
                to,
                threadId,
                text,
                1,
                1,
                replyTo,
                null,
                attachments,
                buttons,
                draftId,
                Instant.parse("2026-03-01T12:00:00Z"),
                false);
    }

    /** Waits for what no one tells of, at most 30 s. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var look = new Object();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come true in " + PATIENCE);
            }
            synchronized (look) {
                look.wait(10);
            }
        }
    }

    /** Stands in until a test has opened its own. */
    static final class NoChannel implements Channel {
        @Override
        public DeliveryOutcome deliver(OutboundMessage message) {
            throw new IllegalStateException("no channel was opened");
        }

        @Override
        public void close() {}
    }
}
