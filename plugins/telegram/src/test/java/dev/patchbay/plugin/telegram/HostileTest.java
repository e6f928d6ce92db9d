package dev.patchbay.plugin.telegram;

import static dev.patchbay.fakes.telegram.TelegramFaults.method;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.HttpReceiver;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.http.Response;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeTelegram;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server answers or a hub throws: the bot says so or leaves it out, and listens on. */
@Timeout(60)
class HostileTest {
    private static final String SECRET = "s3cret_-";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeTelegram telegram = FakeTelegram.start();
    private final FakeBot bot = telegram.addBot(Bots.TOKEN, Bots.NAME);
    private final RecordingHost host = new RecordingHost(new ManualClock(Instant.parse("2026-03-01T12:00:00Z")));
    private Channel channel = new Bots.NoChannel();

    @AfterEach
    void stop() {
        channel.close();
        telegram.close();
    }

    @Test
    void aServerThatTakesAPollAndStaysSilentIsNoticed() throws Exception {
        // Given
        open(host, "poll-timeout", "7s");
        host.conditions().await(1);

        // When
        telegram.faults().next(1, method("getUpdates"), Fault.hang());
        Bots.await(() -> telegram.faults().played() == 1);
        host.conditions().await(2);

        // Then
        assertThat(host.conditions().all()).containsExactly(Condition.RUNNING, Condition.DEGRADED);
        bot.direct(7).userSays("still there");
        host.stored().await(1);
    }

    static Stream<Arguments> answers() {
        String deep = "[".repeat(10_000) + "]".repeat(10_000);
        String asDeepAsIsRead = "{\"a\":".repeat(900) + "1" + "}".repeat(900);
        return Stream.of(
                Arguments.of("an update nested 10,000 deep", true, list("{\"update_id\":1,\"message\":" + deep + "}")),
                Arguments.of(
                        "an update nested 900 deep",
                        false,
                        list("{\"update_id\":1,\"message\":" + asDeepAsIsRead + "}")),
                Arguments.of("no objects", false, list("1, null, \"x\", [], [[{}]], true, 1.5")),
                Arguments.of("no list", true, "{\"ok\":true,\"result\":{\"update_id\":1}}"),
                Arguments.of("nothing", true, ""),
                Arguments.of("a number of 100,000 digits", true, list("{\"update_id\":" + "9".repeat(100_000) + "}")),
                Arguments.of(
                        "ids out of range",
                        false,
                        list("{\"update_id\":9223372036854775807}, {\"update_id\":4294967296}, {\"update_id\":-1},"
                                + " {\"update_id\":1e3}")),
                Arguments.of(
                        "numbers out of range",
                        false,
                        list("{\"update_id\":1,\"message\":{\"message_id\":1e400,\"date\":-1e400,\"text\":\"x\","
                                + "\"chat\":{\"id\":1e19,\"type\":\"private\"}}}")),
                Arguments.of(
                        "null bytes",
                        false,
                        list("{\"update_id\":1,\"message\":{\"message_id\":1,\"date\":1,\"text\":\"a\\u0000b\","
                                + "\"from\":{\"id\":7,\"first_name\":\"\\u0000\"},"
                                + "\"chat\":{\"id\":7,\"type\":\"private\"}}}")),
                Arguments.of("50 MB", true, list("{\"update_id\":1,\"x\":\"" + "x".repeat(50 << 20) + "\"}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void whateverTheAnswerTheNextMessageComesIn(String what, boolean isTrouble, String answer) throws Exception {
        // Given
        open(host);
        host.conditions().await(1);

        // When
        telegram.faults().next(1, method("getUpdates"), Fault.answer(Response.json(200, answer)));
        Bots.await(() -> telegram.faults().played() == 1);
        bot.direct(8).userSays("after");

        // Then
        Bots.await(() -> host.stored().all().stream().map(InboundMessage::text).anyMatch("after"::equals));
        assertThat(host.conditions().all().contains(Condition.DEGRADED)).isEqualTo(isTrouble);
    }

    @Test
    void whateverStandsInAFieldTheUpdateIsReadOrLeftOut() throws Exception {
        // Given
        List<JsonNode> all = mutants();
        open(host);
        host.conditions().await(1);
        ArrayNode some = JSON.createArrayNode();
        for (int i = 0; i < all.size(); i += 7) {
            some.add(((ObjectNode) all.get(i).deepCopy()).put("update_id", i + 1));
        }

        // When
        telegram.faults()
                .next(
                        1,
                        method("getUpdates"),
                        Fault.answer(Response.json(200, "{\"ok\":true,\"result\":" + some + "}")));
        Bots.await(() -> telegram.faults().played() == 1);
        bot.direct(8).userSays("after");

        // Then
        assertThat(all).hasSizeGreaterThan(400);
        for (JsonNode each : all) {
            assertThatCode(() -> UpdateReader.read(each, new BotName(4242, Bots.NAME)))
                    .as(each.toString())
                    .doesNotThrowAnyException();
        }
        Bots.await(() -> host.stored().all().stream().map(InboundMessage::text).anyMatch("after"::equals));
    }

    @Test
    void anUpdateThatMakesUsStumbleIsLeftOutInTheEndAndSaidMeanwhile() throws Exception {
        // Given
        open(throwingOver("poison", Integer.MAX_VALUE, () -> new IllegalStateException("stumbled")));

        // When
        bot.direct(7).userSays("poison");
        bot.direct(7).userSays("after");

        // Then
        assertThat(host.stored().await(1)).extracting(InboundMessage::text).containsExactly("after");
        assertThat(host.conditions().all()).contains(Condition.DEGRADED).endsWith(Condition.RUNNING);
    }

    @Test
    void anErrorInThePluginEndsNothing() throws Exception {
        // Given
        open(throwingOver("hello", 2, () -> new NoClassDefFoundError("gone")));

        // When
        bot.direct(7).userSays("hello");

        // Then
        assertThat(host.stored().await(1)).extracting(InboundMessage::text).containsExactly("hello");
        assertThat(host.conditions().all()).contains(Condition.DEGRADED).endsWith(Condition.RUNNING);
    }

    @Test
    void anAlbumThatFailsIsTriedAgainAndOneThatFailsForGoodIsLeftOut() throws Exception {
        // Given
        open(
                throwingOver("poison", Integer.MAX_VALUE, () -> new NoClassDefFoundError("gone")),
                "mode",
                "webhook",
                "webhook-secret",
                SECRET);

        // When
        post(album(1, "poison"));
        post(album(2, "fine"));

        // Then
        assertThat(host.stored().await(1)).extracting(InboundMessage::text).containsExactly("fine");
        Bots.await(() -> !host.notes().getOrDefault("albums", "").contains("poison"));
    }

    @Test
    void aWebhookDoesNotMakeTelegramRepeatForEverWhatNobodyCanRead() throws Exception {
        // Given
        open(host, "mode", "webhook", "webhook-secret", SECRET);

        // When / Then
        assertThat(post("[".repeat(10_000) + "]".repeat(10_000))).isEqualTo(200);
        assertThat(post("{\"update_id\":")).isEqualTo(400);
    }

    private void open(ChannelHost to, Object... more) throws InterruptedException {
        channel = Bots.open(Bots.at(telegram.url(), more), to);
    }

    private int post(String body) throws InterruptedException {
        return ((HttpReceiver) channel)
                .receive(new HttpCall(
                        "POST",
                        "/telegram/default",
                        Map.of("X-Telegram-Bot-Api-Secret-Token", List.of(SECRET)),
                        body.getBytes(StandardCharsets.UTF_8)))
                .status();
    }

    private static String album(int id, String text) {
        return """
            {"update_id":%d,"message":{"message_id":%d,"media_group_id":"g%d","date":1772366400,"text":"%s",
             "from":{"id":7,"first_name":"Anna"},"chat":{"id":7,"type":"private"}}}\
            """.formatted(id, id, id, text);
    }

    private static String list(String updates) {
        return "{\"ok\":true,\"result\":[" + updates + "]}";
    }

    /** A hub in which something breaks over a message with this text, so many times. */
    private ChannelHost throwingOver(String text, int times, Supplier<Throwable> trouble) {
        var left = new AtomicInteger(times);
        return (ChannelHost) Proxy.newProxyInstance(
                ChannelHost.class.getClassLoader(), new Class<?>[] {ChannelHost.class}, (_, method, arguments) -> {
                    if (method.getName().equals("receive")
                            && arguments[0] instanceof InboundMessage message
                            && message.text().equals(text)
                            && left.getAndDecrement() > 0) {
                        throw trouble.get();
                    }
                    try {
                        return method.invoke(host, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    /** The update with each of its values in turn replaced by everything that it should not be. */
    private static List<JsonNode> mutants() throws Exception {
        JsonNode whole = JSON.readTree("""
            {"update_id":1,"message":{"message_id":5,"date":1772366400,"edit_date":1772366401,"text":"hello",
             "message_thread_id":3,"is_topic_message":true,"media_group_id":null,
             "caption":"c","entities":[{"type":"mention","offset":0,"length":4}],
             "caption_entities":[{"type":"bot_command","offset":0,"length":1}],
             "from":{"id":7,"first_name":"Anna","last_name":"B","username":"anna","is_bot":false},
             "sender_chat":{"id":9,"title":"t"},
             "chat":{"id":-1001,"type":"supergroup","title":"t"},
             "photo":[{"file_id":"f","file_unique_id":"u","file_size":10,"width":1,"height":1}],
             "location":{"latitude":1.5,"longitude":2.5},
             "contact":{"phone_number":"1","first_name":"C"},
             "poll":{"question":"q","options":[{"text":"o"}]},
             "dice":{"emoji":"x","value":3},
             "reply_to_message":{"message_id":4,"from":{"id":4242},"forum_topic_created":{}}}}\
            """);
        JsonNode wrong = JSON.readTree("""
            [null, true, 0, -1, 1.5, 1e400, 99999999999999999999, "", "a\\u0000b", "\\ud800", [], {}, [[1]], {"id":{}}]\
            """);
        var all = new ArrayList<JsonNode>();
        for (String pointer : pointers(whole, "")) {
            for (JsonNode value : wrong) {
                JsonNode copy = whole.deepCopy();
                int last = pointer.lastIndexOf('/');
                JsonNode parent = copy.at(pointer.substring(0, last));
                String name = pointer.substring(last + 1);
                if (parent instanceof ObjectNode object) {
                    object.set(name, value);
                } else {
                    ((ArrayNode) parent).set(Integer.parseInt(name), value);
                }
                all.add(copy);
            }
        }
        return all;
    }

    private static List<String> pointers(JsonNode node, String path) {
        var all = new ArrayList<String>();
        node.fieldNames().forEachRemaining(name -> {
            all.add(path + "/" + name);
            all.addAll(pointers(node.path(name), path + "/" + name));
        });
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            all.add(path + "/" + i);
            all.addAll(pointers(node.get(i), path + "/" + i));
        }
        return all;
    }
}
