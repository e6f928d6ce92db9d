package dev.patchbay.fakes.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TelegramConsoleTest {
    final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    final FakeTelegram telegram = FakeTelegram.start();
    final TelegramConsole console =
            new TelegramConsole(telegram, "42:secret", new PrintStream(printed, true, StandardCharsets.UTF_8));
    final BotClient client = new BotClient(telegram, "42:secret");

    @AfterEach
    void close() {
        client.close();
        telegram.close();
    }

    @Test
    void theGreetingSaysHowToStartTheHub() {
        console.greet();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("./patchbay run --set channels.telegram.accounts.default.api-url=" + telegram.url() + " ")
                .contains(" --set channels.telegram.accounts.default.token=42:secret");
    }

    @Test
    void whatIsTypedGoesToTheBotWithItsOwnCommands() throws Exception {
        // When
        console.take("hello");
        console.take("/new");
        console.take("/group @patchbay_bot you");
        console.take("/topic and you");

        // Then
        assertThat(client.updates(0).findValuesAsText("text"))
                .containsExactly("hello", "/new", "@patchbay_bot you", "and you");
    }

    @Test
    void whatTheBotSendsIsPrintedAndItsButtonsCanBePressed() throws Exception {
        // Given
        Map<String, Object> button = Map.of("text", "Yes", "callback_data", "y");
        var keyboard = Map.of("inline_keyboard", List.of(List.of(button)));
        client.call("sendMessage", Map.of("chat_id", 7, "text", "sure? ü", "reply_markup", keyboard));

        // When
        console.take("/press Yes");

        // Then
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("< sure? ü [Yes]" + System.lineSeparator());
        assertThat(client.updates(0).path(0).path("callback_query").path("data").asText())
                .isEqualTo("y");
    }

    @Test
    void theBotsNextMessagesFailWhenTold() throws Exception {
        // When
        console.take("/fail 1 500");

        // Then
        assertThat(client.send(7, "x").status()).isEqualTo(500);
        assertThat(client.send(7, "x").status()).isEqualTo(200);
    }

    @Test
    void aMistakeIsAnsweredAndNothingEnds() {
        console.take("/fail x 500");
        console.take("/photo /no/such/file");
        console.take("/press Yes");
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).hasSize(3).allMatch(each -> each.startsWith("! "));
    }
}
