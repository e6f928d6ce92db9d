package dev.patchbay.e2e;

import static dev.patchbay.fakes.telegram.TelegramFaults.chat;
import static dev.patchbay.fakes.telegram.TelegramFaults.method;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeChat;
import dev.patchbay.fakes.telegram.FakeTelegram;
import dev.patchbay.fakes.telegram.SentMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built hub with two Telegram bots, against a Telegram that misbehaves on purpose. */
class TelegramScenario {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final FakeTelegram telegram = FakeTelegram.start();
    private final FakeBot first = telegram.addBot("42:first", "first_bot");
    private final FakeBot second = telegram.addBot("43:second", "second_bot");

    @AfterEach
    void stop() {
        telegram.close();
    }

    @Test
    void bothBotsAnswerInDirectChatsGroupsAndTopics() throws Exception {
        try (HubProcess hub = start("")) {
            // Given
            FakeChat anna = first.direct(7);
            FakeChat alsoAnna = second.direct(7);
            FakeChat group = first.group(-55, "Team");
            FakeChat forum = second.forum(-1007, "Forum");
            long topic = forum.topic("News");

            // When
            anna.userSays("hello");
            alsoAnna.userSays("hello, second");
            group.userSays("not for a robot");
            group.userSays("@first_bot are you there?");
            forum.user().inTopic(topic).says("@second_bot and here?");

            // Then
            assertThat(anna.awaitSeen(1)).extracting(SentMessage::text).containsExactly("hello");
            assertThat(alsoAnna.awaitSeen(1)).extracting(SentMessage::text).containsExactly("hello, second");
            assertThat(group.awaitSeen(1)).extracting(SentMessage::text).containsExactly("are you there?");
            List<SentMessage> inTopic = forum.awaitSeen(1);
            assertThat(inTopic).extracting(SentMessage::text).containsExactly("and here?");
            assertThat(inTopic.getFirst().threadId()).isEqualTo(Optional.of(topic));
            assertThat(hub.rpc().all("sessions.list", "sessions"))
                    .extracting(each -> each.path("session_key").asText())
                    .contains(
                            "agent:main:telegram:direct:7",
                            "agent:main:telegram:default:group:-55",
                            "agent:main:telegram:two:group:-1007:thread:" + topic);
            assertThat(hub.terminate()).isZero();
        }
    }

    @Test
    void whatFailsIsSentAgainInOrderAndNobodyElseWaits() throws Exception {
        try (HubProcess hub = start("delivery: { backoff: [300ms, 600ms], attempts: 50 }")) {
            // Given
            FakeChat anna = first.direct(7);
            FakeChat ben = first.direct(8);
            telegram.faults().next(1, method("sendMessage").and(chat(7)), Fault.status(500));
            telegram.faults().next(1, method("sendMessage").and(chat(7)), Fault.badGateway());
            telegram.faults().next(1, method("sendMessage").and(chat(7)), Fault.resetBefore());
            // Nothing goes right for her before the other one has been served.
            telegram.faults()
                    .always(
                            method("sendMessage").and(chat(7)).and(unused -> ben.texts()
                                    .isEmpty()),
                            Fault.status(500));

            // When
            Rpc rpc = hub.rpc();
            for (int i = 0; i < 3; i++) {
                rpc.call("messages.send", "channel", "telegram", "to", "7", "text", "a" + i);
            }
            rpc.call("messages.send", "channel", "telegram", "to", "8", "text", "b");

            // Then
            assertThat(ben.awaitSeen(1, SOON)).extracting(SentMessage::text).containsExactly("b");
            assertThat(anna.awaitSeen(3, SOON)).extracting(SentMessage::text).containsExactly("a0", "a1", "a2");
            assertThat(ben.seen().getFirst().arrivedNanos())
                    .as("others went on")
                    .isLessThan(anna.seen().getFirst().arrivedNanos());
        }
    }

    @Test
    void whatCanNeverArriveIsADeadLetterAtOnceWithTelegramsWords() throws Exception {
        try (HubProcess hub = start("")) {
            // Given
            first.direct(7).block();
            Rpc rpc = hub.rpc();

            // When
            rpc.call("messages.send", "channel", "telegram", "to", "7", "text", "blocked");
            rpc.call("messages.send", "channel", "telegram", "to", "999", "text", "nobody");

            // Then
            List<JsonNode> dead = rpc.awaitDead(2);
            assertThat(dead).allSatisfy(each -> assertThat(each.path("attempts").asInt())
                    .isEqualTo(1));
            assertThat(dead)
                    .extracting(each -> each.path("last_error").asText())
                    .anyMatch(each -> each.contains("bot was blocked by the user"))
                    .anyMatch(each -> each.contains("chat not found"));
        }
    }

    @Test
    void aWaitThatTelegramNamesIsObeyedByTheWholeBotAndByNoOther() throws Exception {
        try (HubProcess hub = start("")) {
            // Given
            Rpc rpc = hub.rpc();
            second.direct(7);
            FakeChat anna = first.direct(7);
            FakeChat ben = first.direct(8);
            long began = System.nanoTime();
            first.pause(Duration.ofSeconds(4));

            // When
            rpc.call("messages.send", "channel", "telegram", "to", "7", "text", "one");
            Bounded.until(SOON, () -> rpc.all("deliveries.list", "deliveries").stream()
                    .anyMatch(each -> each.path("last_error").asText().contains("429")));
            rpc.call("messages.send", "channel", "telegram", "to", "8", "text", "two");
            rpc.call("messages.send", "channel", "telegram", "account_id", "two", "to", "7", "text", "free");

            // Then
            SentMessage free = second.direct(7).awaitSeen(1, SOON).getFirst();
            SentMessage held = anna.awaitSeen(1, SOON).getFirst();
            ben.awaitSeen(1, SOON);
            assertThat(free.arrivedNanos()).isLessThan(held.arrivedNanos());
            assertThat(held.arrivedNanos() - began)
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(3).toNanos());
            assertThat(first.tooEarly()).as("calls before the wait was over").isZero();
            assertThat(rpc.all("deliveries.list", "deliveries"))
                    .allSatisfy(
                            each -> assertThat(each.path("attempts").asInt()).isEqualTo(1));
        }
    }

    @Test
    void aLongTextArrivesInPartsWithNothingLostAndAFailedPartRepeatsNoOther() throws Exception {
        try (HubProcess hub = start("delivery: { backoff: [300ms], attempts: 8 }")) {
            // Given
            String line = "Zeile mit Emoji 🦊👩‍👩‍👧 und 漢字 für den Schnitt.\n";
            String text = "Anfang\n\n" + line.repeat(110) + "\n```java\n" + "int answer = 42; // 答え\n".repeat(170)
                    + "```\nEnde";
            FakeChat anna = first.direct(7);
            telegram.faults().add(new java.util.function.Function<>() {
                private int sent;

                @Override
                public Fault apply(dev.patchbay.fakes.http.Request request) {
                    return method("sendMessage").test(request) && ++sent == 2 ? Fault.status(500) : Fault.none();
                }
            });

            // When
            hub.rpc().call("messages.send", "channel", "telegram", "to", "7", "text", text);

            // Then
            Bounded.until(Duration.ofSeconds(40), () -> anna.seen().stream()
                    .anyMatch(each -> each.text().endsWith("Ende")));
            assertThat(text.length()).isGreaterThan(9_500);
            List<SentMessage> parts = anna.seen();
            assertThat(parts)
                    .allSatisfy(part -> assertThat(part.text().length()).isLessThanOrEqualTo(4_096));
            assertThat(letters(parts.stream().map(SentMessage::text).collect(Collectors.joining())))
                    .isEqualTo(letters(text.replace("```java", "").replace("```", "")));
            assertThat(parts).extracting(SentMessage::text).doesNotHaveDuplicates();
        }
    }

    /** What is left without blanks: where a text is cut, a blank or a line's end goes. */
    private static String letters(String text) {
        return text.replaceAll("\\s", "");
    }

    private HubProcess start(String more) throws Exception {
        HubProcess hub = HubProcess.start(folder, """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents: { main: { type: echo } }
            channels:
              telegram:
                accounts:
                  default: { token: "42:first", api-url: "%1$s", dm-policy: open }
                  two: { token: "43:second", api-url: "%1$s", dm-policy: open }
            %2$s
            """.formatted(telegram.url(), more));
        hub.awaitRunning("telegram", 2);
        return hub;
    }
}
