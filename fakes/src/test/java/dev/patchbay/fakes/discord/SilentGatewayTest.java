package dev.patchbay.fakes.discord;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.dv8tion.jda.api.events.message.MessageReceivedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A gateway that answers no heartbeat. Apart from the other troubles, because its heartbeats are so short that a client on a busy
 * machine may miss one by itself.
 */
@Timeout(120)
class SilentGatewayTest {
    final FakeDiscord discord =
            FakeDiscord.start(FakeDiscord.Settings.forTests().withHeartbeat(Duration.ofMillis(500)));
    final Bot bot = discord.addBot("token-of-patch", "patch");
    final User anna = discord.addUser("anna");
    final Guild guild = discord.addGuild("workshop");
    final Channel general = guild.addTextChannel("general");

    @AfterEach
    void closes() {
        discord.close();
    }

    @Test
    void silenceIsNoticedByTheMissingHeartbeats() throws Exception {
        // Given
        guild.addBot(bot);
        guild.addMember(anna);
        try (JdaClient client = JdaClient.ready(discord, bot)) {
            // When
            discord.gateway().mute(bot);
            anna.says(general, "into the void");

            // Then
            assertThat(client.next(MessageReceivedEvent.class).getMessage().getContentRaw())
                    .isEqualTo("into the void");
            assertThat(discord.gateway().resumes(bot)).isPositive();
        }
    }
}
