package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.fakes.discord.Bot;
import dev.patchbay.fakes.discord.Channel;
import dev.patchbay.fakes.discord.FakeDiscord;
import dev.patchbay.fakes.discord.User;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeTelegram;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All the channels that are shipped, two accounts each where that makes sense, in one hub. */
class AllChannelsScenario {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void everyChannelAnswersInOneHub() throws Exception {
        try (var telegram = FakeTelegram.start();
                var discord = FakeDiscord.start();
                var callback = new CallbackServer()) {
            // Given
            List<FakeBot> telegrams =
                    List.of(telegram.addBot("42:first", "first_bot"), telegram.addBot("43:second", "second_bot"));
            List<Bot> discords =
                    List.of(discord.addBot("first-token", "first"), discord.addBot("second-token", "second"));
            User anna = discord.addUser("anna", "300");
            try (HubProcess hub = HubProcess.start(folder, yaml(telegram, discord, callback))) {
                Rpc rpc = hub.rpc();
                hub.awaitRunning("telegram", 2);
                hub.awaitRunning("discord", 2);
                hub.awaitRunning("webhook", 1);
                long idle = Machine.residentKilobytes(hub.pid());
                System.out.println("all channels: idle hub " + idle / 1024 + " MB resident");

                // When
                for (int i = 0; i < 2; i++) {
                    telegrams.get(i).direct(7).userSays("telegram " + i);
                    anna.says(discord.direct(discords.get(i), anna), "discord " + i);
                }
                int accepted = rpc.post("/webhooks/default", "{\"text\":\"webhook\",\"peer\":\"p\"}")
                        .statusCode();
                HubProcess.Finished chat = HubProcess.run(
                        folder,
                        "cli\nagain\n",
                        "chat",
                        "--plain",
                        "--config",
                        "hub.yaml",
                        "--set",
                        "server.port=" + URI.create(hub.url()).getPort());

                // Then
                assertThat(chat.out()).as(chat.err()).isEqualTo("cli\nagain\n");
                assertThat(chat.exitCode()).isZero();
                assertThat(accepted).isEqualTo(202);
                Bounded.until(SOON, () -> callback.texts("p").equals(List.of("webhook")));
                for (int i = 0; i < 2; i++) {
                    telegrams.get(i).direct(7).awaitSeen(1, SOON);
                    assertThat(telegrams.get(i).direct(7).texts()).containsExactly("telegram " + i);
                    Channel direct = discord.direct(discords.get(i), anna);
                    assertThat(DiscordHub.await(discord, direct, discords.get(i), 1))
                            .containsExactly("discord " + i);
                }
                assertThat(hub.terminate()).isZero();
            }
        }
    }

    private static String yaml(FakeTelegram telegram, FakeDiscord discord, CallbackServer callback) {
        return """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents: { main: { type: echo } }
            channels:
              cli: { enabled: true }
              telegram:
                accounts:
                  default: { token: "42:first", api-url: "%1$s", dm-policy: open }
                  two: { token: "43:second", api-url: "%1$s", dm-policy: open }
              discord:
                accounts:
                  default: { token: first-token, api-url: "%2$s", gateway-url: "%3$s", dm-policy: open }
                  two: { token: second-token, api-url: "%2$s", gateway-url: "%3$s", dm-policy: open }
              webhook:
                allow-private: [127.0.0.0/8]
                accounts:
                  default: { verify: none, reply: queue, callback: { url: "%4$s" } }
            """.formatted(telegram.url(), discord.url(), discord.gatewayUrl(), callback.url());
    }
}
