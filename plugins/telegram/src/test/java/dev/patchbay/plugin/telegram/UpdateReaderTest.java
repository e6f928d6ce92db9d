package dev.patchbay.plugin.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import dev.patchbay.plugin.telegram.Incoming.Nothing;
import dev.patchbay.plugin.telegram.Incoming.Said;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateReaderTest {
    private static final BotName BOT = new BotName(4242, "patchbay_bot");

    @Test
    void aDirectMessageHasItsPeerSenderIdAndTime() throws Exception {
        InboundMessage message = said("\"text\":\"hello\"").message();

        assertThat(message.peer()).isEqualTo(Peer.direct("7"));
        assertThat(message.remoteId()).isEqualTo("7:5");
        assertThat(message.sender()).isEqualTo(new Sender("7", "Anna Bell"));
        assertThat(message.sentAt()).isEqualTo(Instant.ofEpochSecond(1_772_366_400));
        assertThat(message.addressed()).isTrue();
    }

    @Test
    void theLargestSizeOfAPhotoIsTaken() throws Exception {
        Said said = said("\"caption\":\"look\",\"photo\":[{\"file_id\":\"s\",\"width\":90,\"height\":90},"
                + "{\"file_id\":\"l\",\"width\":800,\"height\":600},{\"file_id\":\"m\",\"width\":320,\"height\":240}]");

        assertThat(said.files()).extracting(RemoteFile::id).containsExactly("l");
        assertThat(said.message().text()).isEqualTo("look");
    }

    @Test
    void anAnimationIsOneFileAndAStickerSaysItsEmoji() throws Exception {
        assertThat(said("\"animation\":{\"file_id\":\"a\"},\"document\":{\"file_id\":\"a\"}")
                        .files())
                .hasSize(1);
        assertThat(said("\"sticker\":{\"file_id\":\"s\",\"emoji\":\"🦊\"}")
                        .message()
                        .text())
                .isEqualTo("🦊");
    }

    @Test
    void placesAreAttachmentsAndContactsAreText() throws Exception {
        InboundMessage venue =
                said("\"venue\":{\"location\":{\"latitude\":52.5,\"longitude\":13.4},\"title\":\"Café\",\"address\":\"Main"
                    + " St 1\"},\"location\":{\"latitude\":52.5,\"longitude\":13.4}")
                        .message();

        assertThat(venue.attachments()).containsExactly(new Attachment("geo:52.5,13.4", null, "Café"));
        assertThat(venue.text()).isEqualTo("Café, Main St 1");
        assertThat(said("\"contact\":{\"first_name\":\"Ben\",\"phone_number\":\"+49 1\"}")
                        .message()
                        .text())
                .isEqualTo("Ben, +49 1");
    }

    @Test
    void aMentionIsCutByUtf16UnitsAndNamesOfOthersStay() throws Exception {
        String text = "🦊 @patchbay_bot hi @ben";
        String entities = "\"entities\":[{\"type\":\"mention\",\"offset\":3,\"length\":13},"
                + "{\"type\":\"mention\",\"offset\":20,\"length\":4}]";

        InboundMessage message = said("\"text\":\"" + text + "\"," + entities).message();

        assertThat(message.text()).isEqualTo("🦊 hi @ben");
    }

    @Test
    void aNameAloneStaysAsItIs() throws Exception {
        assertThat(said("\"text\":\"@patchbay_bot\",\"entities\":[{\"type\":\"mention\",\"offset\":0,\"length\":13}]")
                        .message()
                        .text())
                .isEqualTo("@patchbay_bot");
    }

    @Test
    void whoSpeaksForAChatIsKnownByTheChat() throws Exception {
        assertThat(said("\"text\":\"x\",\"sender_chat\":{\"id\":-100,\"title\":\"The admins\"}")
                        .message()
                        .sender())
                .isEqualTo(new Sender("-100", "The admins"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"update_id\":1,\"something_new\":{\"a\":1}}",
                "{\"update_id\":1,\"message\":7}",
                "{\"update_id\":1,\"message\":{}}",
                "{\"update_id\":1,\"message\":{\"message_id\":5,\"chat\":{\"id\":7,\"type\":\"private\"},\"new_chat_title\":\"x\"}}",
                "{\"update_id\":1,\"message\":{\"message_id\":\"x\",\"chat\":{\"id\":{},\"type\":\"private\"},\"text\":\"x\"}}",
                "{\"update_id\":1,\"message\":{\"message_id\":5,\"chat\":{\"id\":7,\"type\":\"newkind\"},\"text\":\"x\"}}",
                "{\"update_id\":1,\"message\":{\"message_id\":5,\"chat\":{\"id\":7,\"type\":\"private\"},\"from\":{\"id\":4242},\"text\":\"me\"}}",
                "{\"update_id\":1,\"callback_query\":{\"id\":\"9\",\"inline_message_id\":\"x\",\"data\":\"d\"}}",
                "{\"update_id\":1,\"message_reaction\":{\"chat\":[]}}",
                "[]",
                "null",
                "7",
            })
    void whatIsNoMessageIsNothing(String update) throws Exception {
        assertThat(UpdateReader.read(new ObjectMapper().readTree(update), BOT)).isInstanceOf(Nothing.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"type\":\"mention\",\"offset\":-1,\"length\":5}]",
                "[{\"type\":\"mention\",\"offset\":0,\"length\":500}]",
                "[{\"type\":\"mention\",\"offset\":2147483647,\"length\":2147483647}]",
                "[7,null,{}]",
            })
    void hostileMarksHarmNothing(String entities) throws Exception {
        assertThat(said("\"text\":\"hello\",\"entities\":" + entities).message().text())
                .isEqualTo("hello");
    }

    private static Said said(String content) throws JsonProcessingException {
        String update = "{\"update_id\":1,\"message\":{\"message_id\":5,\"date\":1772366400,"
                + "\"from\":{\"id\":7,\"first_name\":\"Anna\",\"last_name\":\"Bell\"},"
                + "\"chat\":{\"id\":7,\"type\":\"private\"}," + content + "}}";
        return (Said) UpdateReader.read(new ObjectMapper().readTree(update), BOT);
    }
}
