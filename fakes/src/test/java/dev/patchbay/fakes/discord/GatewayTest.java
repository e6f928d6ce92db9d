package dev.patchbay.fakes.discord;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway's rules, tried by a client that breaks them. */
@Timeout(60)
class GatewayTest {
    final FakeDiscord discord = FakeDiscord.start();
    final HttpClient http = HttpClient.newHttpClient();
    final Bot bot = discord.addBot("T", "patch", Intents.MESSAGE_CONTENT);
    final User anna = discord.addUser("anna");
    final Guild guild = discord.addGuild("workshop");
    final Channel general = guild.addTextChannel("general");

    GatewayTest() {
        guild.addBot(bot);
        guild.addMember(anna);
    }

    @AfterEach
    void closes() {
        http.shutdownNow();
        discord.close();
    }

    /** One connection and what came on it. */
    static final class Line implements WebSocket.Listener {
        final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    frames.add(Json.parse(text.toString().getBytes(StandardCharsets.UTF_8)));
                } catch (IOException notJson) {
                    throw new UncheckedIOException(notJson);
                }
                text.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedFuture(null);
        }

        JsonNode next() throws InterruptedException {
            JsonNode frame = frames.poll(20, TimeUnit.SECONDS);
            assertThat(frame).isNotNull();
            return frame;
        }

        JsonNode next(String type) throws InterruptedException {
            JsonNode frame = next();
            while (!frame.path("t").asText().equals(type)) {
                frame = next();
            }
            return frame;
        }
    }

    record Open(WebSocket socket, Line line) {
        void say(String text) {
            socket.sendText(text.replace('\'', '"'), true).join();
        }

        int closeCode() throws Exception {
            return line.closed.get(20, TimeUnit.SECONDS);
        }
    }

    Open open() {
        var line = new Line();
        var socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(discord.gatewayUrl()), line)
                .join();
        return new Open(socket, line);
    }

    static String identify(String token, long intents) {
        return "{'op':2,'d':{'token':'" + token + "','intents':" + intents + ",'properties':{}}}";
    }

    @Test
    void helloComesFirstAndHeartbeatsAreAcknowledged() throws Exception {
        // When
        Open open = open();
        JsonNode hello = open.line().next();
        open.say("{'op':1,'d':null}");

        // Then
        assertThat(hello.path("op").asInt()).isEqualTo(10);
        assertThat(hello.at("/d/heartbeat_interval").asInt()).isEqualTo(41_250);
        assertThat(open.line().next().path("op").asInt()).isEqualTo(11);
        assertThat(discord.gateway().heartbeats()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {'op':99}                                                            | 4001
        not json                                                             | 4002
        {'op':3,'d':{}}                                                      | 4003
        {'op':2,'d':{'token':'wrong','intents':1}}                           | 4004
        {'op':6,'d':{'token':'wrong','session_id':'x','seq':1}}              | 4004
        {'op':2,'d':{'token':'T','intents':1,'shard':[2,2]}}                 | 4010
        {'op':2,'d':{'token':'T','intents':4294967296}}                      | 4013
        {'op':2,'d':{'token':'T','intents':2}}                               | 4014
        """)
    void aClientThatBreaksTheRulesIsClosed(String said, int code) throws Exception {
        // Given
        Open open = open();
        open.line().next();

        // When
        open.say(said);

        // Then
        assertThat(open.closeCode()).isEqualTo(code);
    }

    @Test
    void tooMuchAtOnceIsClosed() throws Exception {
        // Given
        Open open = open();
        open.line().next();

        // When
        open.say("{'op':1,'d':'" + "x".repeat(5_000) + "'}");

        // Then
        assertThat(open.closeCode()).isEqualTo(4002);
    }

    @Test
    void identifyingTwiceIsClosed() throws Exception {
        // Given
        Open open = open();
        open.say(identify("T", Intents.GUILDS));
        open.line().next("READY");

        // When
        open.say(identify("T", Intents.GUILDS));

        // Then
        assertThat(open.closeCode()).isEqualTo(4005);
    }

    @Test
    void eventsComeOnlyForTheIntentsAskedFor() throws Exception {
        // Given
        Open open = open();
        open.say(identify("T", Intents.GUILDS | Intents.DIRECT_MESSAGES));
        JsonNode ready = open.line().next("READY");
        open.line().next("GUILD_CREATE");

        // When
        anna.says(general, "in the guild");
        anna.says(discord.direct(bot, anna), "direct");

        // Then
        JsonNode message = open.line().next("MESSAGE_CREATE");
        assertThat(message.at("/d/content").asText()).isEqualTo("direct");
        assertThat(message.at("/d").has("guild_id")).isFalse();
        assertThat(ready.at("/d/guilds/0/unavailable").asBoolean()).isTrue();
    }

    @Test
    void aResumeReplaysWhatWasMissedInOrder() throws Exception {
        // Given
        Open first = open();
        first.say(identify("T", Intents.GUILDS | Intents.GUILD_MESSAGES | Intents.MESSAGE_CONTENT));
        String session = first.line().next("READY").at("/d/session_id").asText();
        int seen = first.line().next("GUILD_CREATE").path("s").asInt();
        first.socket().abort();
        discord.gateway().drop(bot);
        anna.says(general, "one");
        anna.says(general, "two");

        // When
        Open second = open();
        second.say("{'op':6,'d':{'token':'T','session_id':'" + session + "','seq':" + seen + "}}");

        // Then
        assertThat(second.line().next("MESSAGE_CREATE").at("/d/content").asText())
                .isEqualTo("one");
        assertThat(second.line().next("MESSAGE_CREATE").at("/d/content").asText())
                .isEqualTo("two");
        assertThat(second.line().next().path("t").asText()).isEqualTo("RESUMED");
    }

    @Test
    void onlyTheLatestSessionsThatWereLeftCanBeResumed() throws Exception {
        // Given
        var sessions = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            Open open = open();
            open.say(identify("T", Intents.GUILDS));
            sessions.add(open.line().next("READY").at("/d/session_id").asText());
            open.socket().abort();
            assertThat(discord.await(
                            Duration.ofSeconds(20), () -> !discord.gateway().isConnected(bot)))
                    .isTrue();
        }

        // When
        Open forgotten = open();
        forgotten.line().next();
        forgotten.say("{'op':6,'d':{'token':'T','session_id':'" + sessions.getFirst() + "','seq':1}}");
        Open known = open();
        known.say("{'op':6,'d':{'token':'T','session_id':'" + sessions.getLast() + "','seq':1}}");

        // Then
        assertThat(forgotten.line().next().path("op").asInt()).isEqualTo(9);
        known.line().next("RESUMED");
    }

    @Test
    void aClientThatSaysGoodbyeHasNoSessionLeft() throws Exception {
        // Given
        Open first = open();
        first.say(identify("T", Intents.GUILDS));
        String session = first.line().next("READY").at("/d/session_id").asText();
        first.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(discord.await(
                        Duration.ofSeconds(20), () -> !discord.gateway().isConnected(bot)))
                .isTrue();

        // When
        Open second = open();
        second.line().next();
        second.say("{'op':6,'d':{'token':'T','session_id':'" + session + "','seq':1}}");

        // Then
        JsonNode answer = second.line().next();
        assertThat(answer.path("op").asInt()).isEqualTo(9);
        assertThat(answer.path("d").asBoolean(true)).isFalse();
    }

    @Test
    void membersAreAskedForInChunks() throws Exception {
        // Given
        Open open = open();
        open.say(identify("T", Intents.GUILDS));
        open.line().next("GUILD_CREATE");

        // When
        open.say("{'op':8,'d':{'guild_id':'" + guild.id() + "','user_ids':['" + anna.id() + "','5'],'nonce':'n'}}");

        // Then
        JsonNode chunk = open.line().next("GUILD_MEMBERS_CHUNK").path("d");
        assertThat(chunk.at("/members/0/user/username").asText()).isEqualTo("anna");
        assertThat(chunk.at("/not_found/0").asText()).isEqualTo("5");
        assertThat(chunk.path("chunk_count").asInt()).isEqualTo(1);
        assertThat(chunk.path("nonce").asText()).isEqualTo("n");
    }

    @Test
    void aScriptedIdentifyIsClosedOnce() throws Exception {
        // Given
        discord.gateway().closeNextIdentify(bot, 4000, "Unknown error");
        Open refused = open();

        // When
        refused.say(identify("T", Intents.GUILDS));
        Open welcome = open();
        assertThat(refused.closeCode()).isEqualTo(4000);
        welcome.say(identify("T", Intents.GUILDS));

        // Then
        welcome.line().next("READY");
    }

    @Test
    void nothingRunsOnAfterTheClose() throws Exception {
        // Given
        Open open = open();
        open.say(identify("T", Intents.GUILDS));
        open.line().next("READY");

        // When
        discord.close();

        // Then
        assertThat(discord.await(
                        Duration.ofSeconds(20), () -> !discord.gateway().isConnected(bot)))
                .isTrue();
    }
}
