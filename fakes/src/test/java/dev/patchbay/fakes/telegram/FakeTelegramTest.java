package dev.patchbay.fakes.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a bot may call and what people then see. */
@Timeout(30)
class FakeTelegramTest {
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
    void aBotLearnsWhoItIsHoweverItSpellsAndSendsTheCall() throws Exception {
        assertThat(client.call("getMe").result().path("username").asText()).isEqualTo("patchbay_bot");
        assertThat(client.call("getme").result().path("id").asLong()).isEqualTo(42);
        assertThat(client.get(telegram.url() + "/bot42:secret/GETME").statusCode())
                .isEqualTo(200);
        assertThat(client.form("sendmessage", "chat_id=7&text=a%26b").statusCode())
                .isEqualTo(200);
        assertThat(client.get(telegram.url() + "/bot42:secret/sendMessage?chat_id=7&text=c")
                        .statusCode())
                .isEqualTo(200);
        assertThat(anna.texts()).containsExactly("a&b", "c");
        assertThat(telegram.requests("getMe")).isEqualTo(3);
    }

    @Test
    void unknownTokensAndMethodsAreRefusedInTelegramsShape() throws Exception {
        try (var stranger = new BotClient(telegram, "43:other");
                var nonsense = new BotClient(telegram, "nonsense")) {
            assertThat(stranger.call("getMe").json().toString())
                    .isEqualTo("{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}");
            assertThat(nonsense.call("getMe").status()).isEqualTo(404);
        }
        assertThat(client.call("noSuchMethod").json().toString())
                .isEqualTo("{\"ok\":false,\"error_code\":404,\"description\":\"Not Found\"}");
    }

    @Test
    void twoBotsOfOneServerKnowNothingOfEachOther() throws Exception {
        // Given
        FakeBot other = telegram.addBot("43:other", "other_bot");
        try (var otherClient = new BotClient(telegram, "43:other")) {
            // When
            anna.userSays("to the first");
            other.direct(7).userSays("to the second");

            // Then
            assertThat(texts(client.updates(0))).containsExactly("to the first");
            assertThat(texts(otherClient.updates(0))).containsExactly("to the second");
        }
    }

    @Test
    void aMessageIsSeenWithItsThreadItsAnswerAndItsButtons() throws Exception {
        // Given
        FakeChat forum = bot.forum(-100_1, "Forum");
        long topic = forum.topic("Deploys");
        long question = forum.user(8, "Bob").inTopic(topic).says("ready?");

        // When
        JsonNode sent = client.call(
                        "sendMessage",
                        Map.of(
                                "chat_id",
                                forum.id(),
                                "message_thread_id",
                                topic,
                                "text",
                                "<b>go</b> &amp; <a href=\"http://x.y\">see</a>",
                                "parse_mode",
                                "HTML",
                                "reply_parameters",
                                Map.of("message_id", question),
                                "reply_markup",
                                Map.of(
                                        "inline_keyboard",
                                        List.of(List.of(Map.of("text", "Yes", "callback_data", "y"))))))
                .result();

        // Then
        SentMessage seen = forum.awaitSeen(1).getFirst();
        assertThat(seen.messageId()).isEqualTo(sent.path("message_id").asLong());
        assertThat(seen.text()).isEqualTo("go & see");
        assertThat(seen.source()).startsWith("<b>go</b>");
        assertThat(seen.marks())
                .containsExactly(
                        new SentMessage.Mark("bold", "go", ""), new SentMessage.Mark("text_link", "see", "http://x.y"));
        assertThat(seen.threadId()).contains(topic);
        assertThat(seen.replyTo()).contains(question);
        assertThat(seen.buttons()).containsExactly(new SentMessage.Button("Yes", "y", ""));
    }

    @Test
    void whatCannotBeSentIsRefusedInTelegramsWords() throws Exception {
        FakeChat forum = bot.forum(-100_1, "Forum");
        assertThat(client.send(7, " \n").description()).isEqualTo("Bad Request: message text is empty");
        assertThat(client.send(7, "x".repeat(4_097)).description()).isEqualTo("Bad Request: message is too long");
        assertThat(client.send(99, "x").description()).isEqualTo("Bad Request: chat not found");
        assertThat(client.call("sendMessage", Map.of("text", "x")).description())
                .isEqualTo("Bad Request: chat_id is empty");
        assertThat(client.call("sendMessage", Map.of("chat_id", forum.id(), "text", "x", "message_thread_id", 77))
                        .description())
                .isEqualTo("Bad Request: message thread not found");
        assertThat(client.call(
                                "sendMessage",
                                Map.of("chat_id", 7, "text", "x", "reply_parameters", Map.of("message_id", 5)))
                        .description())
                .isEqualTo("Bad Request: message to be replied not found");
        assertThat(client.call("sendMessage", Map.of("chat_id", 7, "text", "x", "parse_mode", "Wiki"))
                        .description())
                .isEqualTo("Bad Request: unsupported parse_mode");
        assertThat(anna.texts()).isEmpty();
    }

    @Test
    void theLengthIsThatOfTheTextWithoutItsTags() throws Exception {
        assertThat(client.html(7, "<b>" + "x".repeat(4_096) + "</b>").status()).isEqualTo(200);
        assertThat(client.html(7, "<b>" + "x".repeat(4_097) + "</b>").status()).isEqualTo(400);
        assertThat(client.send(7, "😀".repeat(2_048)).status()).isEqualTo(200);
        assertThat(client.send(7, "😀".repeat(2_049)).status()).isEqualTo(400);
    }

    @Test
    void anEditIsSeenWithWhatWasThereBefore() throws Exception {
        // Given
        long id = client.send(7, "one").result().path("message_id").asLong();

        // When
        client.call("editMessageText", Map.of("chat_id", 7, "message_id", id, "text", "two"));
        BotClient.Answer again =
                client.call("editMessageText", Map.of("chat_id", 7, "message_id", id, "text", " two "));

        // Then
        SentMessage seen = anna.seen().getFirst();
        assertThat(seen.text()).isEqualTo("two");
        assertThat(seen.edits()).extracting(SentMessage.Edit::before).containsExactly("one");
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.description())
                .startsWith("Bad Request: message is not modified: specified new message content");
    }

    @Test
    void onlyTheBotsOwnMessagesThatAreThereCanBeEdited() throws Exception {
        long annas = anna.userSays("mine");
        assertThat(client.call("editMessageText", Map.of("chat_id", 7, "message_id", annas, "text", "x"))
                        .description())
                .isEqualTo("Bad Request: message can't be edited");
        assertThat(client.call("editMessageText", Map.of("chat_id", 7, "message_id", 99, "text", "x"))
                        .description())
                .isEqualTo("Bad Request: message to edit not found");
    }

    @Test
    void aDeletedMessageIsGoneFromTheChatButNotFromTheRecord() throws Exception {
        // Given
        long id = client.send(7, "oops").result().path("message_id").asLong();

        // When
        client.call("deleteMessage", Map.of("chat_id", 7, "message_id", id));

        // Then
        assertThat(anna.seen()).isEmpty();
        assertThat(anna.seen(id).orElseThrow().isDeleted()).isTrue();
        assertThat(client.call("deleteMessage", Map.of("chat_id", 7, "message_id", id))
                        .description())
                .isEqualTo("Bad Request: message to delete not found");
    }

    @Test
    void anUploadedFileIsSeenAndCanBeSentAgainByItsId() throws Exception {
        // Given
        byte[] picture = {1, 2, 3, (byte) 200};

        // When
        JsonNode sent = client.upload("sendPhoto", "photo", "p.jpg", picture, Map.of("chat_id", "7", "caption", "look"))
                .result();
        String fileId = sent.path("photo").path(1).path("file_id").asText();
        client.call("sendPhoto", Map.of("chat_id", 7, "photo", fileId));

        // Then
        assertThat(anna.texts()).containsExactly("look", "");
        assertThat(anna.seen()).allSatisfy(each -> {
            assertThat(each.kind()).isEqualTo("photo");
            assertThat(each.files().getFirst().content().bytes()).isEqualTo(picture);
        });
        assertThat(client.call("sendPhoto", Map.of("chat_id", 7, "photo", "nonsense"))
                        .description())
                .isEqualTo("Bad Request: wrong file identifier/HTTP URL specified");
    }

    @Test
    void anAlbumIsSeveralMessagesOfOneName() throws Exception {
        // When
        var album =
                "[{\"type\":\"document\",\"media\":\"attach://f\",\"caption\":\"<i>a</i>\",\"parse_mode\":\"HTML\"},"
                        + "{\"type\":\"document\",\"media\":\"attach://f\"}]";
        JsonNode sent = client.upload(
                        "sendMediaGroup",
                        "f",
                        "f.txt",
                        "hi".getBytes(StandardCharsets.UTF_8),
                        Map.of("chat_id", "7", "media", album))
                .result();

        // Then
        assertThat(sent).hasSize(2);
        assertThat(anna.texts()).containsExactly("a", "");
        assertThat(anna.seen().stream().map(SentMessage::albumId).distinct()).hasSize(1);
    }

    @Test
    void everyKindOfFileHasItsMethod() throws Exception {
        for (String kind : List.of("Document", "Voice", "Audio", "Video", "Sticker", "Animation")) {
            byte[] content = kind.getBytes(StandardCharsets.UTF_8);
            assertThat(client.upload("send" + kind, kind.toLowerCase(Locale.ROOT), "f", content, Map.of("chat_id", "7"))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(client.call("sendLocation", Map.of("chat_id", 7, "latitude", 48.1, "longitude", 11.5))
                        .status())
                .isEqualTo(200);
        assertThat(client.call("sendLocation", Map.of("chat_id", 7, "latitude", 99, "longitude", 0))
                        .status())
                .isEqualTo(400);
        assertThat(anna.seen())
                .extracting(SentMessage::kind)
                .containsExactly("document", "voice", "audio", "video", "sticker", "animation", "location");
    }

    @Test
    void aFileOfAPersonsCanBeFetched() throws Exception {
        // Given
        byte[] bytes = {5, 0, (byte) 255};
        anna.user().sends(Media.document("notes.txt", "text/plain", bytes).captioned("my notes"));
        JsonNode message = client.updates(0).path(0).path("message");

        // When
        String fileId = message.path("document").path("file_id").asText();
        String path = client.call("getFile", Map.of("file_id", fileId))
                .result()
                .path("file_path")
                .asText();

        // Then
        assertThat(message.path("caption").asText()).isEqualTo("my notes");
        assertThat(client.get(telegram.url() + "/file/bot42:secret/" + path).body())
                .isEqualTo(bytes);
        assertThat(client.get(telegram.url() + "/file/bot42:secret/documents/none")
                        .statusCode())
                .isEqualTo(404);
        assertThat(client.get(telegram.url() + "/file/bot9:none/" + path).statusCode())
                .isEqualTo(401);
    }

    @Test
    void filesHaveTelegramsLimits() throws Exception {
        anna.user().sends(Media.document("big", "x/y", new byte[20 * 1024 * 1024 + 1]));
        String big = client.updates(0)
                .path(0)
                .path("message")
                .path("document")
                .path("file_id")
                .asText();
        assertThat(client.call("getFile", Map.of("file_id", big)).description())
                .isEqualTo("Bad Request: file is too big");
        assertThat(client.upload("sendPhoto", "photo", "p", new byte[10 * 1024 * 1024 + 1], Map.of("chat_id", "7"))
                        .description())
                .isEqualTo("Bad Request: file is too big");
        assertThat(client.upload(
                                "sendDocument", "document", "d", new byte[50 * 1024 * 1024 + 1], Map.of("chat_id", "7"))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void aPictureCanComeFromAnAddressOnThisMachine() throws Exception {
        // Given
        anna.user().sends(Media.photo(new byte[] {9}));
        String id = client.updates(0)
                .path(0)
                .path("message")
                .path("photo")
                .path(1)
                .path("file_id")
                .asText();
        String path = client.call("getFile", Map.of("file_id", id))
                .result()
                .path("file_path")
                .asText();

        // When
        String url = telegram.url() + "/file/bot42:secret/" + path;
        BotClient.Answer near = client.call("sendPhoto", Map.of("chat_id", 7, "photo", url));
        BotClient.Answer far = client.call("sendPhoto", Map.of("chat_id", 7, "photo", "http://192.0.2.1/x.jpg"));

        // Then
        assertThat(near.status()).isEqualTo(200);
        assertThat(anna.seen().getFirst().files().getFirst().content().bytes()).containsExactly(9);
        assertThat(far.description()).isEqualTo("Bad Request: failed to get HTTP URL content");
    }

    @Test
    void typingAndReactionsAreSeen() throws Exception {
        // Given
        long id = anna.userSays("hello");

        // When
        client.call("sendChatAction", Map.of("chat_id", 7, "action", "typing"));
        client.call(
                "setMessageReaction",
                Map.of("chat_id", 7, "message_id", id, "reaction", List.of(Map.of("type", "emoji", "emoji", "👍"))));

        // Then
        assertThat(anna.actions()).containsExactly("typing");
        assertThat(anna.reaction(id)).contains("👍");
        assertThat(client.call(
                                "setMessageReaction",
                                Map.of(
                                        "chat_id",
                                        7,
                                        "message_id",
                                        id,
                                        "reaction",
                                        List.of(Map.of("type", "emoji", "emoji", "x"))))
                        .description())
                .isEqualTo("Bad Request: REACTION_INVALID");
    }

    @Test
    void commandsAreKeptAndChecked() throws Exception {
        // When
        client.call(
                "setMyCommands", Map.of("commands", List.of(Map.of("command", "new", "description", "Start anew"))));

        // Then
        assertThat(bot.commands()).isEqualTo(Map.of("new", "Start anew"));
        assertThat(client.call("getMyCommands").result().path(0).path("command").asText())
                .isEqualTo("new");
        assertThat(client.call(
                                "setMyCommands",
                                Map.of("commands", List.of(Map.of("command", "Bad!", "description", "x"))))
                        .description())
                .isEqualTo("Bad Request: BOT_COMMAND_INVALID");
    }

    @Test
    void chatsAndMembersAreDescribed() throws Exception {
        bot.group(-5, "Team");
        assertThat(client.call("getChat", Map.of("chat_id", -5))
                        .result()
                        .path("title")
                        .asText())
                .isEqualTo("Team");
        assertThat(client.call("getChatMember", Map.of("chat_id", -5, "user_id", 42))
                        .result()
                        .path("status")
                        .asText())
                .isEqualTo("administrator");
        assertThat(client.call("getChatMember", Map.of("chat_id", -5, "user_id", 8))
                        .result()
                        .path("status")
                        .asText())
                .isEqualTo("member");
    }

    @Test
    void aTakenPortIsSaid() {
        int port = Integer.parseInt(telegram.url().substring(telegram.url().lastIndexOf(':') + 1));
        assertThatThrownBy(() -> FakeTelegram.start(port))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("" + port);
    }

    private static List<String> texts(JsonNode updates) {
        return updates.findValuesAsText("text");
    }
}
