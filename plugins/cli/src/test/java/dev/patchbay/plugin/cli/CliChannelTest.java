package dev.patchbay.plugin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Settings;
import dev.patchbay.testkit.ChannelContract;
import dev.patchbay.testkit.ChannelProbe;
import dev.patchbay.testkit.Recorded;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CliChannelTest extends ChannelContract {
    private final Terminal terminal = new Terminal();

    @Override
    protected Channel openChannel(ChannelHost hub) {
        host.attachTerminal(true);
        return new CliPlugin().open(new ChannelSettings("cli", "default", Settings.EMPTY, Settings.EMPTY), hub);
    }

    @Override
    protected ChannelProbe farSide() {
        return terminal;
    }

    @Test
    void aMessageWithoutAReaderWaitsWithoutCountingAttempts() throws Exception {
        // Given
        host.attachTerminal(false);

        // When
        var outcome = channel().deliver(OutboundMessage.of("D1", anna(), "anybody there?", clock.instant()));

        // Then
        assertThat(outcome)
                .isEqualTo(new Paced("no terminal is attached for this peer", Duration.ofSeconds(5), Paced.Scope.PEER));
    }

    /** What the hub has shown is what the terminal sees. */
    private final class Terminal implements ChannelProbe {
        @Override
        public Recorded<Arrival> arrivals() {
            var seen = new Recorded<Arrival>();
            host.presented()
                    .all()
                    .forEach(message ->
                            seen.add(new Arrival(message.to().id(), message.text(), message.idempotencyKey())));
            return seen;
        }

        @Override
        public Set<Trouble> troubles() {
            return Set.of(Trouble.ASKS_TO_SLOW_DOWN);
        }

        @Override
        public void nextMeets(Trouble trouble) {
            host.detachTerminalOnce();
        }
    }
}
