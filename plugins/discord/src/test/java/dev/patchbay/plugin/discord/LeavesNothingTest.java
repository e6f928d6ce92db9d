package dev.patchbay.plugin.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Channel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** An account that is closed leaves no thread behind, so that the plugin can be unloaded. */
@Timeout(60)
@Isolated("it looks at all threads of the process")
class LeavesNothingTest {

    @Test
    void noThreadOutlivesTheAccountEvenIfTheServerDoesNotSayGoodbye() throws Exception {
        try (var lab = new Lab()) {
            // Given
            Channel polite = lab.running();
            polite.close();
            Channel deserted = lab.running();
            lab.anna.says(lab.general, "hello");
            lab.host.received().await(1);
            lab.discord.gateway().mute(lab.bot);

            // When
            long begin = System.nanoTime();
            deserted.close();

            // Then
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            assertThat(lab.discord.await(Duration.ofSeconds(30), () -> ours().isEmpty()))
                    .as(ours().toString())
                    .isTrue();
        }
    }

    private static List<String> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("JDA") || name.startsWith("discord-") || name.contains("127.0.0.1"))
                .sorted()
                .toList();
    }
}
