package dev.patchbay.fakes.discord;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors, limits and numbers as documented, asked for by hand. */
@Timeout(60)
class RestTest {
    final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2026-03-01T10:00:00Z"));
    final InstantSource source = time::get;
    final Clock clock = source.withZone(ZoneOffset.UTC);
    final FakeDiscord discord =
            FakeDiscord.start(new FakeDiscord.Settings(0, 0, Duration.ofSeconds(40), Limits.real(), clock));
    final HttpClient http = HttpClient.newHttpClient();
    final Bot bot = discord.addBot("T", "patch");
    final User anna = discord.addUser("anna");
    final Guild guild = discord.addGuild("workshop");
    final Channel general = guild.addTextChannel("general");
    final Channel other = guild.addTextChannel("other");
    final Channel forum = guild.addForum("ideas");

    RestTest() {
        guild.addBot(bot);
        guild.addMember(anna);
    }

    @AfterEach
    void closes() {
        http.close();
        discord.close();
    }

    record Answer(int status, JsonNode body, HttpResponse<byte[]> raw) {
        String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }

        int code() {
            return body.path("code").asInt(-1);
        }
    }

    Answer ask(String method, String path, String body) throws Exception {
        return ask(method, path, body, "Bot T");
    }

    Answer ask(String method, String path, String body, String token) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(discord.url() + path))
                .header("Authorization", token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(20))
                .build();
        HttpResponse<byte[]> raw = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(raw.statusCode(), Json.parse(raw.body()), raw);
    }

    Answer send(Channel channel, String text) throws Exception {
        return ask("POST", "/channels/" + channel.id() + "/messages", "{\"content\":\"" + text + "\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        GET    | /users/@me                     | ''                                    | 200 | -1
        GET    | /channels/1                    | ''                                    | 404 | 10003
        POST   | /channels/1/messages           | {"content":"x"}                       | 404 | 10003
        POST   | /channels/GENERAL/messages     | {}                                    | 400 | 50006
        POST   | /channels/GENERAL/messages     | {"content":"  "}                      | 400 | 50006
        POST   | /channels/GENERAL/messages     | {"content"                            | 400 | 50109
        POST   | /channels/GENERAL/messages     | {"content":"x","nonce":"12345678901234567890123456"} | 400 | 50035
        POST   | /channels/GENERAL/messages     | {"content":"x","message_reference":{"message_id":"5"}} | 400 | 50035
        POST   | /channels/FORUM/messages       | {"content":"x"}                       | 400 | 50008
        GET    | /channels/GENERAL/messages/5   | ''                                    | 404 | 10008
        GET    | /channels/GENERAL/messages?limit=101 | ''                              | 400 | 50035
        POST   | /users/@me/channels            | {"recipient_id":"5"}                  | 400 | 50033
        POST   | /interactions/5/token/callback | {"type":4}                            | 404 | 10062
        PATCH  | /webhooks/5/token/messages/@original | {"content":"x"}                 | 404 | 10015
        PUT    | /applications/5/commands       | []                                    | 403 | 20012
        POST   | /applications/BOT/commands     | {"name":"Upper","description":"d"}    | 400 | 50035
        POST   | /applications/BOT/commands     | {"name":"new","description":"d"}      | 201 | -1
        GET    | /nowhere                       | ''                                    | 404 | 0
        DELETE | /users/@me                     | ''                                    | 405 | 0
        """)
    void errorsCarryTheDocumentedCodes(String method, String path, String body, int status, int code) throws Exception {
        // When
        String real = path.replace("GENERAL", general.id())
                .replace("FORUM", forum.id())
                .replace("BOT", bot.id());
        Answer answer = ask(method, real, body);

        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }

    @Test
    void aWrongTokenIs401() throws Exception {
        assertThat(ask("GET", "/users/@me", "", "Bot wrong").status()).isEqualTo(401);
        assertThat(ask("GET", "/users/@me", "", "T").status()).isEqualTo(401);
    }

    @Test
    void textIsMeasuredInCodePoints() throws Exception {
        // When
        Answer fits = send(general, "😀".repeat(2_000));
        Answer tooLong = send(general, "x".repeat(2_001));

        // Then
        assertThat(fits.status()).isEqualTo(200);
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(tooLong.body().at("/errors/content/_errors/0/code").asText()).isEqualTo("BASE_TYPE_MAX_LENGTH");
    }

    @Test
    void theSixthMessageInFiveSecondsIsTurnedAwayUntilTheWindowEnds() throws Exception {
        // Given
        for (int sent = 0; sent < 5; sent++) {
            assertThat(send(general, "x").header("X-RateLimit-Remaining")).isEqualTo(Integer.toString(4 - sent));
        }
        time.updateAndGet(now -> now.plusMillis(3_500));

        // When
        Answer refused = send(general, "x");
        Answer elsewhere = send(other, "x");
        time.updateAndGet(now -> now.plusMillis(1_500));
        Answer later = send(general, "x");

        // Then
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body().path("retry_after").asDouble()).isEqualTo(1.5);
        assertThat(refused.body().path("global").asBoolean()).isFalse();
        assertThat(refused.header("Retry-After")).isEqualTo("2");
        assertThat(refused.header("X-RateLimit-Scope")).isEqualTo("user");
        assertThat(refused.header("X-RateLimit-Reset-After")).isEqualTo("1.500");
        assertThat(elsewhere.status()).isEqualTo(200);
        assertThat(later.status()).isEqualTo(200);
        assertThat(discord.rateLimited()).isEqualTo(1);
        assertThat(discord.requests(FakeDiscord.SEND)).isEqualTo(8);
        assertThat(discord.calls()).extracting(Call::status).contains(429);
    }

    @Test
    void theFiftyFirstRequestInASecondIsTurnedAwayGlobally() throws Exception {
        // Given
        for (int asked = 0; asked < 50; asked++) {
            String path = asked % 2 == 0 ? "/users/@me" : "/users/" + anna.id();
            assertThat(ask("GET", path, "").status()).isEqualTo(200);
        }

        // When
        Answer refused = ask("GET", "/gateway", "");

        // Then
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body().path("global").asBoolean()).isTrue();
        assertThat(refused.header("X-RateLimit-Global")).isEqualTo("true");
        assertThat(refused.header("X-RateLimit-Scope")).isEqualTo("global");
    }

    @Test
    void aNonceHoldsForAFewMinutesAndOnlyIfItIsEnforced() throws Exception {
        // Given
        String path = "/channels/" + general.id() + "/messages";
        String enforced = "{\"content\":\"x\",\"nonce\":\"n\",\"enforce_nonce\":true}";
        String first = ask("POST", path, enforced).body().path("id").asText();

        // When
        String again = ask("POST", path, enforced).body().path("id").asText();
        String free = ask("POST", path, "{\"content\":\"x\",\"nonce\":\"n\"}")
                .body()
                .path("id")
                .asText();
        time.updateAndGet(now -> now.plus(Speech.NONCE_WINDOW).plusSeconds(1));
        String late = ask("POST", path, enforced).body().path("id").asText();

        // Then
        assertThat(again).isEqualTo(first);
        assertThat(free).isNotEqualTo(first);
        assertThat(late).isNotIn(first, free);
        assertThat(ask("GET", path, "").body().path(0).has("nonce")).isFalse();
    }

    @Test
    void anInteractionMustBeAnsweredInThreeSecondsAndOnce() throws Exception {
        // Given
        ask("PUT", "/applications/" + bot.id() + "/commands", "[{\"name\":\"new\",\"description\":\"d\"}]");
        Interaction quick = anna.uses(general, bot, "new", Map.of());
        Interaction slow = anna.uses(general, bot, "new", Map.of());
        String answer = "{\"type\":4,\"data\":{\"content\":\"yes\"}}";

        // When
        Answer first = ask("POST", "/interactions/" + quick.id() + "/" + quick.token() + "/callback", answer, "");
        Answer second = ask("POST", "/interactions/" + quick.id() + "/" + quick.token() + "/callback", answer, "");
        time.updateAndGet(now -> now.plusSeconds(4));
        Answer late = ask("POST", "/interactions/" + slow.id() + "/" + slow.token() + "/callback", answer, "");

        // Then
        assertThat(first.status()).isEqualTo(204);
        assertThat(second.code()).isEqualTo(40060);
        assertThat(late.code()).isEqualTo(10062);
        assertThat(quick.responses()).extracting(Message::content).containsExactly("yes");
        assertThat(slow.responses()).isEmpty();
    }

    @Test
    void aBotSeesItsOwnGuildsAndDirectChannelsOnly() throws Exception {
        // Given
        discord.addBot("U", "other");

        // When
        Answer inGuild = ask("GET", "/channels/" + general.id(), "", "Bot U");
        Answer direct = ask("GET", "/channels/" + discord.direct(bot, anna).id(), "", "Bot U");

        // Then
        assertThat(inGuild.code()).isEqualTo(50001);
        assertThat(direct.code()).isEqualTo(50001);
    }

    @Test
    void aDeletedChannelIsUnknown() throws Exception {
        // When
        other.delete();

        // Then
        assertThat(send(other, "x").code()).isEqualTo(10003);
    }
}
