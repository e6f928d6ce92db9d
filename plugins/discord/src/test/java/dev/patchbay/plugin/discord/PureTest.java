package dev.patchbay.plugin.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.dv8tion.jda.api.utils.data.DataObject;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;

/** What can be said without a server. */
class PureTest {

    @Test
    void aNonceIsTheKeyItselfOrAsGood() {
        assertThat(Nonce.of("D1.2")).isEqualTo("D1.2");
        assertThat(Nonce.of("01JABCDEFGHJKMNPQRSTVWXYZ0"))
                .hasSize(25)
                .isEqualTo(Nonce.of("01JABCDEFGHJKMNPQRSTVWXYZ0"));
        assertThat(Nonce.of("01JABCDEFGHJKMNPQRSTVWXYZ0.1")).isNotEqualTo(Nonce.of("01JABCDEFGHJKMNPQRSTVWXYZ0.2"));
    }

    @Test
    void idsAreComparedAsNumbers() {
        assertThat(Snowflake.isLater("1000", "999")).isTrue();
        assertThat(Snowflake.later("18446744073709551615", "9")).isEqualTo("18446744073709551615");
        assertThat(Snowflake.isId("12a")).isFalse();
        assertThat(Snowflake.isId("")).isFalse();
    }

    @Test
    void waitsAreNeverShorterThanTold() {
        assertThat(ApiAnswer.seconds("0.0001")).isEqualTo(Duration.ofMillis(1));
        assertThat(ApiAnswer.seconds("64.57")).isEqualTo(Duration.ofMillis(64_570));
        assertThat(ApiAnswer.seconds("soon")).isZero();
        assertThat(ApiAnswer.seconds("-3")).isZero();
        assertThat(new ApiAnswer(429, Headers.of("Retry-After", "7"), "<html>banned</html>").retryAfter())
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void theFirstDetailOfAnErrorIsShown() {
        var answer = new ApiAnswer(400, Headers.of(), """
            {"message": "Invalid Form Body", "code": 50035,
             "errors": {"content": {"_errors": [{"code": "X", "message": "Must be 2000 or fewer in length."}]}}}\
            """);

        assertThat(answer.words())
                .isEqualTo("HTTP 400 (50035): Invalid Form Body; content: Must be 2000 or fewer in length.");
    }

    @Test
    void theBotsNameAndItsRoleAreCutFromTheText() {
        var reader = new MessageReader("7", "70", false);

        assertThat(reader.text(said("<@7> hello"))).isEqualTo("hello");
        assertThat(reader.text(said("hello <@!7>"))).isEqualTo("hello");
        assertThat(reader.text(said("a <@&70> b <@8> c"))).isEqualTo("a b <@8> c");
        assertThat(reader.text(said("  kept as it is  "))).isEqualTo("  kept as it is  ");
        assertThat(reader.text(said("<@7>"))).isEmpty();
    }

    @Test
    void aButtonSaysItsDataAndAForeignOneItsId() {
        assertThat(MessageBody.buttonData("pb:12:a:b")).isEqualTo("a:b");
        assertThat(MessageBody.buttonData("vote")).isEqualTo("vote");
    }

    @Test
    void systemMessagesBotsAndWebhooksAreIgnored() {
        var reader = new MessageReader("7", null, false);

        assertThat(reader.isIgnored(said("x"))).isFalse();
        assertThat(reader.isIgnored(said("x").put("type", 7))).isTrue();
        assertThat(reader.isIgnored(said("x").put("webhook_id", "3"))).isTrue();
        assertThat(reader.isIgnored(said("x").put("author", DataObject.empty().put("id", "7"))))
                .isTrue();
        assertThat(new MessageReader("7", null, true)
                        .isIgnored(said("x")
                                .put("author", DataObject.empty().put("id", "8").put("bot", true))))
                .isFalse();
    }

    @Test
    void everyProblemOfTheSettingsIsToldAndNoSecretWithIt() {
        var problems = new DiscordPlugin()
                .check(settings(Map.of(
                        "token", "secret",
                        "api-url", "discord.com/secret",
                        "gateway-url", "https://gateway/secret",
                        "proxy", "socks://user:secret@host",
                        "stream", "always",
                        "commands", List.of(Map.of("name", "Bad Name", "description", "x")),
                        "pacing", Map.of("burst", "0"))));

        assertThat(problems)
                .extracting(problem -> problem.key())
                .containsExactly("api-url", "gateway-url", "proxy", "stream", "commands.0", "pacing.burst");
        assertThat(problems.toString()).doesNotContain("secret");
    }

    @Test
    void withoutATokenAnAccountIsNotConfigured() {
        assertThat(new DiscordPlugin().isConfigured(settings(Map.of("token", " "))))
                .isFalse();
        assertThat(new DiscordPlugin().isConfigured(settings(Map.of("token", "x"))))
                .isTrue();
    }

    private static ChannelSettings settings(Map<String, ?> account) {
        return new ChannelSettings("discord", "default", Settings.of(account), Settings.EMPTY);
    }

    private static DataObject said(String content) {
        return DataObject.empty()
                .put("content", content)
                .put("type", 0)
                .put("author", DataObject.empty().put("id", "42").put("username", "anna"));
    }
}
