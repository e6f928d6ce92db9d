package dev.patchbay.fakes.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.http.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What people do, and how a polling bot learns of it. */
@Timeout(30)
class UpdatesTest {
    final FakeTelegram telegram = FakeTelegram.start();
    final FakeBot bot = telegram.addBot("42:secret", "patchbay_bot");
    final FakeChat anna = bot.direct(7, "Anna");
    final BotClient client = new BotClient(telegram, "42:secret");

    @AfterEach
    void close() {
        client.close();
        telegram.close();
    }

    @Test
    void anUpdateComesUntilItsOffsetIsPassed() throws Exception {
        // Given
        anna.userSays("one");
        anna.userSays("two");

        // When
        List<Long> first = ids(client.updates(0));
        List<Long> again = ids(client.updates(first.getFirst()));
        List<Long> rest = ids(client.updates(first.getLast()));
        List<Long> none = ids(client.updates(first.getLast() + 1));

        // Then
        assertThat(again).isEqualTo(first).hasSize(2);
        assertThat(rest).containsExactly(first.getLast());
        assertThat(none).isEmpty();
        assertThat(bot.confirmed()).isEqualTo(2);
        assertThat(bot.unconfirmed()).isZero();
    }

    @Test
    void aNegativeOffsetKeepsTheLastOnesOnly() throws Exception {
        anna.userSays("one");
        anna.userSays("two");
        assertThat(client.updates(-1).findValuesAsText("text")).containsExactly("two");
        assertThat(client.updates(0).findValuesAsText("text")).containsExactly("two");
    }

    @Test
    void aLimitCutsTheBatch() throws Exception {
        anna.userSays("one");
        anna.userSays("two");
        assertThat(client.call("getUpdates", Map.of("limit", 1)).result()).hasSize(1);
    }

    @Test
    void aLongPollEndsWithTheFirstUpdate() throws Exception {
        // Given
        var poll = client.later("getUpdates", Map.of("timeout", 20));

        // When
        anna.userSays("at last");

        // Then
        assertThat(poll.get(10, TimeUnit.SECONDS).result().findValuesAsText("text"))
                .containsExactly("at last");
    }

    @Test
    void aLongPollEndsEmptyWithItsTime() throws Exception {
        assertThat(client.call("getUpdates", Map.of("timeout", 1)).json().toString())
                .isEqualTo("{\"ok\":true,\"result\":[]}");
    }

    @Test
    void aSecondPollEndsTheFirstInAConflict() throws Exception {
        // Given
        var first = client.later("getUpdates", Map.of("timeout", 20));

        // When
        while (!first.isDone()) {
            client.updates(0);
        }
        BotClient.Answer conflict = first.get(10, TimeUnit.SECONDS);

        // Then
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.description())
                .isEqualTo("Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
                        + " running");
    }

    @Test
    void mentionsAndCommandsAreMarked() throws Exception {
        // When
        bot.group(-5, "Team").user(8, "Bob").says("hi @patchbay_bot, /status@patchbay_bot now");

        // Then
        JsonNode message = client.updates(0).path(0).path("message");
        assertThat(message.path("chat").path("type").asText()).isEqualTo("group");
        assertThat(message.path("from").path("first_name").asText()).isEqualTo("Bob");
        assertThat(message.path("entities").toString())
                .isEqualTo("[{\"offset\":3,\"length\":13,\"type\":\"mention\"},"
                        + "{\"offset\":18,\"length\":20,\"type\":\"bot_command\"}]");
    }

    @Test
    void aMessageInATopicNamesItAndAnswersItsOpening() throws Exception {
        // Given
        FakeChat forum = bot.forum(-100_1, "Forum");
        long topic = forum.topic("Deploys");

        // When
        forum.user(8, "Bob").inTopic(topic).says("hello");

        // Then
        JsonNode message = client.updates(0).path(0).path("message");
        assertThat(message.path("message_thread_id").asLong()).isEqualTo(topic);
        assertThat(message.path("is_topic_message").asBoolean()).isTrue();
        assertThat(message.path("reply_to_message")
                        .path("forum_topic_created")
                        .path("name")
                        .asText())
                .isEqualTo("Deploys");
    }

    @Test
    void anAnswerInASupergroupHasAThreadThoughThereIsNoTopic() throws Exception {
        // Given
        FakeChat group = bot.supergroup(-100_2, "Team");
        long first = group.user(8, "Bob").says("who?");

        // When
        group.user(9, "Cy").replyingTo(first).says("me");

        // Then
        JsonNode message = client.updates(0).path(1).path("message");
        assertThat(message.path("reply_to_message").path("message_id").asLong()).isEqualTo(first);
        assertThat(message.path("message_thread_id").asLong()).isEqualTo(first);
        assertThat(message.has("is_topic_message")).isFalse();
    }

    @Test
    void everyFileOfAnAlbumIsAnUpdateOfItsOwn() throws Exception {
        // When
        anna.user().sendsAlbum(Media.photo(new byte[] {1}).captioned("trip"), Media.video(new byte[] {2}));

        // Then
        JsonNode updates = client.updates(0);
        assertThat(updates.findValuesAsText("media_group_id").stream().distinct())
                .hasSize(1);
        assertThat(updates.path(0).path("message").path("caption").asText()).isEqualTo("trip");
        assertThat(updates.path(1).path("message").path("video").has("file_id")).isTrue();
    }

    @Test
    void editsPressedButtonsAndLocationsComeToo() throws Exception {
        // Given
        long mine = anna.userSays("frist");
        Map<String, Object> button = Map.of("text", "Yes", "callback_data", "y");
        long asked = client.call(
                        "sendMessage",
                        Map.of(
                                "chat_id",
                                7,
                                "text",
                                "sure?",
                                "reply_markup",
                                Map.of("inline_keyboard", List.of(List.of(button)))))
                .result()
                .path("message_id")
                .asLong();

        // When
        anna.user().edits(mine, "first");
        String query = anna.user().presses(asked, "Yes");
        anna.user().sendsLocation(48.1, 11.5);
        client.call("answerCallbackQuery", Map.of("callback_query_id", query, "text", "ok"));

        // Then
        JsonNode updates = client.updates(0);
        assertThat(updates.path(1).path("edited_message").path("text").asText()).isEqualTo("first");
        assertThat(updates.path(1).path("edited_message").has("edit_date")).isTrue();
        assertThat(updates.path(2).path("callback_query").path("data").asText()).isEqualTo("y");
        assertThat(updates.path(2)
                        .path("callback_query")
                        .path("message")
                        .path("message_id")
                        .asLong())
                .isEqualTo(asked);
        assertThat(updates.path(3)
                        .path("message")
                        .path("location")
                        .path("latitude")
                        .asDouble())
                .isEqualTo(48.1);
        assertThat(bot.answeredQueries()).isEqualTo(Map.of(query, "ok"));
        assertThat(client.call("answerCallbackQuery", Map.of("callback_query_id", "9"))
                        .description())
                .startsWith("Bad Request: query is too old");
        assertThatThrownBy(() -> anna.user().presses(asked, "No")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void reactionsComeOnlyToWhoAskedForThem() throws Exception {
        // Given
        long mine = anna.userSays("hello");
        anna.user().reacts(mine, "👎");

        // When
        client.call("getUpdates", Map.of("allowed_updates", List.of("message_reaction")));
        anna.user().reacts(mine, "👍");
        anna.userSays("not asked for");

        // Then
        JsonNode updates = client.updates(0);
        assertThat(updates).hasSize(2);
        assertThat(updates.path(1)
                        .path("message_reaction")
                        .path("new_reaction")
                        .path(0)
                        .path("emoji")
                        .asText())
                .isEqualTo("👍");
    }

    @Test
    void confirmedUpdatesComeOnceMoreWhenTold() throws Exception {
        // Given
        bot.repeatNext(1);
        anna.userSays("one");
        anna.userSays("two");
        long last = ids(client.updates(0)).getLast();

        // When
        List<String> repeated = client.updates(last + 1).findValuesAsText("text");
        List<String> after = client.updates(last + 1).findValuesAsText("text");

        // Then
        assertThat(repeated).containsExactly("one");
        assertThat(after).isEmpty();
    }

    @Test
    void aBatchComesInTheWrongOrderWhenTold() throws Exception {
        // Given
        bot.reverseNext();
        anna.userSays("one");
        anna.userSays("two");

        // When
        List<String> wrong = client.updates(0).findValuesAsText("text");
        List<String> right = client.updates(0).findValuesAsText("text");

        // Then
        assertThat(wrong).containsExactly("two", "one");
        assertThat(right).containsExactly("one", "two");
    }

    @Test
    void aPollWhoseAnswerWasLostLosesNothing() throws Exception {
        // Given
        anna.userSays("precious");
        telegram.faults().next(1, TelegramFaults.method("getUpdates"), Fault.half());

        // When
        assertThatThrownBy(() -> client.updates(0)).isInstanceOf(IOException.class);

        // Then
        assertThat(client.updates(0).findValuesAsText("text")).containsExactly("precious");
    }

    @Test
    void closingTheServerEndsAPoll() {
        // Given
        var poll = client.later("getUpdates", Map.of("timeout", 50));

        // When
        telegram.close();

        // Then
        assertThat(poll).failsWithin(Duration.ofSeconds(10));
    }

    private static List<Long> ids(JsonNode updates) {
        return StreamSupport.stream(updates.spliterator(), false)
                .map(each -> each.path("update_id").asLong())
                .toList();
    }
}
