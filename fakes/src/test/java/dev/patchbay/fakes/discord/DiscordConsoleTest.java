package dev.patchbay.fakes.discord;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiscordConsoleTest {
    final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    final FakeDiscord discord = FakeDiscord.start();
    final Bot bot = discord.addBot("T", "patchbay");
    final DiscordConsole console =
            new DiscordConsole(discord, bot, new PrintStream(shown, true, StandardCharsets.UTF_8));

    @AfterEach
    void closes() {
        discord.close();
    }

    @Test
    void whatTheBotSaysAndChangesIsShownOnce() {
        // Given
        console.type("hello");
        Channel direct = discord.direct(bot, console.you());
        Message said = bot.user().says(direct, "hel");
        console.show();

        // When
        bot.user().edits(said, "hello too");
        console.show();
        console.show();

        // Then
        assertThat(direct.messages()).extracting(Message::content).containsExactly("hello", "hello too");
        assertThat(shown.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("bot> hel", "bot (edited)> hello too");
    }
}
