package dev.patchbay.hub.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Reply;
import dev.patchbay.api.Settings;
import dev.patchbay.api.Turn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoAgentPluginTest {
    final List<String> pieces = new ArrayList<>();

    @Test
    void aTextComesBackWordByWordWithItsBlanks() throws Exception {
        // When
        Reply reply = echo(" one  two\n\tthree ");

        // Then
        assertThat(pieces).containsExactly(" ", "one  ", "two\n\t", "three ");
        assertThat(reply).isEqualTo(Reply.text(" one  two\n\tthree "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"word", "你好，世界", "\uD83D\uDE00 \uD83D\uDE01", "a\u00a0b", "  lead", "x"})
    void thePiecesConcatenateToExactlyTheText(String text) throws Exception {
        // When
        Reply reply = echo(text);

        // Then
        assertThat(String.join("", pieces)).isEqualTo(text);
        assertThat(reply).isEqualTo(Reply.text(text));
    }

    @Test
    void aLongTextComesInABoundedNumberOfPieces() throws Exception {
        // Given
        String text = "a ".repeat(1_000_000);

        // When
        echo(text);

        // Then
        assertThat(pieces).hasSizeLessThan(1_100);
        assertThat(String.join("", pieces)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void aMessageWithoutTextIsAnsweredWithSilence(String text) throws Exception {
        // When, Then
        assertThat(echo(text)).isEqualTo(Reply.silence());
        assertThat(pieces).isEmpty();
    }

    @Test
    void aMessageThatHasOnlyFilesGetsThemBack() throws Exception {
        // Given
        var cat = new Attachment("https://example.org/cat.png", "image/png", "cat.png");

        // When
        Reply files = echo(turn("", List.of(cat)));
        Reply both = echo(turn("a cat", List.of(cat)));

        // Then
        assertThat(files.messages()).containsExactly(new Reply.Message("", List.of(cat)));
        assertThat(both).isEqualTo(Reply.text("a cat"));
    }

    private Reply echo(Turn turn) throws Exception {
        return new EchoAgentPlugin().open("main", Settings.EMPTY).reply(turn, pieces::add);
    }

    private static Turn turn(String text, List<Attachment> attachments) {
        Turn bare = Turns.turn(text);
        return new Turn(
                bare.messageId(),
                bare.sessionKey(),
                bare.agentId(),
                bare.channel(),
                bare.accountId(),
                bare.peer(),
                bare.sender(),
                text,
                attachments,
                bare.history());
    }

    private Reply echo(String text) throws Exception {
        return echo(Turns.turn(text));
    }
}
