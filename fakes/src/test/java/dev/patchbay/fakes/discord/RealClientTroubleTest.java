package dev.patchbay.fakes.discord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.fakes.http.Fault;
import java.time.Duration;
import java.util.EnumSet;
import net.dv8tion.jda.api.events.message.MessageReceivedEvent;
import net.dv8tion.jda.api.events.session.SessionRecreateEvent;
import net.dv8tion.jda.api.events.session.SessionResumeEvent;
import net.dv8tion.jda.api.events.session.ShutdownEvent;
import net.dv8tion.jda.api.exceptions.InvalidTokenException;
import net.dv8tion.jda.api.requests.CloseCode;
import net.dv8tion.jda.api.requests.GatewayIntent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the fake does wrong on purpose reaches JDA as the same trouble with the real one would. */
@Timeout(120)
class RealClientTroubleTest {
    final FakeDiscord discord = FakeDiscord.start();
    final Bot bot = discord.addBot("token-of-patch", "patch");
    final User anna = discord.addUser("anna");
    final Guild guild = discord.addGuild("workshop");
    final Channel general = guild.addTextChannel("general");

    RealClientTroubleTest() {
        guild.addBot(bot);
        guild.addMember(anna);
    }

    @AfterEach
    void closes() {
        discord.close();
    }

    private static String content(MessageReceivedEvent event) {
        return event.getMessage().getContentRaw();
    }

    @Test
    void whatWasSaidDuringADropComesWithTheResume() throws Exception {
        try (JdaClient client = JdaClient.ready(discord, bot)) {
            // When
            discord.gateway().drop(bot);
            anna.says(general, "meanwhile");

            // Then
            assertThat(content(client.next(MessageReceivedEvent.class))).isEqualTo("meanwhile");
            client.next(SessionResumeEvent.class);
            assertThat(discord.gateway().identifies(bot)).isEqualTo(1);
            assertThat(discord.gateway().resumes(bot)).isEqualTo(1);
        }
    }

    @Test
    void whatWasSaidAfterAnInvalidSessionIsInTheHistoryOnly() throws Exception {
        try (JdaClient client = JdaClient.ready(discord, bot)) {
            // When
            discord.gateway().invalidate(bot, false);
            anna.says(general, "never told");
            client.next(SessionRecreateEvent.class);
            anna.says(general, "told");

            // Then
            assertThat(content(client.next(MessageReceivedEvent.class))).isEqualTo("told");
            assertThat(discord.gateway().identifies(bot)).isEqualTo(2);
            assertThat(general.messages()).extracting(Message::content).containsExactly("never told", "told");
        }
    }

    @Test
    void aSessionThatWasForgottenCannotBeResumed() throws Exception {
        try (JdaClient client = JdaClient.ready(discord, bot)) {
            int resumesBefore = discord.gateway().resumes(bot);

            // When
            discord.gateway().forget(bot);

            // Then
            client.next(SessionRecreateEvent.class);
            assertThat(discord.gateway().resumes(bot)).isEqualTo(resumesBefore);
            assertThat(discord.gateway().identifies(bot)).isEqualTo(2);
        }
    }

    @Test
    void askedToReconnectItResumes() throws Exception {
        try (JdaClient client = JdaClient.ready(discord, bot)) {
            // When
            discord.gateway().reconnect(bot);

            // Then
            client.next(SessionResumeEvent.class);
            discord.gateway().invalidate(bot, true);
            client.next(SessionResumeEvent.class);
            assertThat(discord.gateway().resumes(bot)).isEqualTo(2);
        }
    }

    @Test
    void aWrongTokenEndsTheLogin() {
        assertThatThrownBy(() -> new JdaClient(discord, "wrong", EnumSet.noneOf(GatewayIntent.class)))
                .isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void aTokenThatIsRevokedLaterIsFatal() throws Exception {
        try (JdaClient client = JdaClient.ready(discord, bot)) {
            // When
            discord.revoke(bot);
            discord.gateway().forget(bot);

            // Then
            assertThat(client.next(ShutdownEvent.class).getCloseCode()).isEqualTo(CloseCode.AUTHENTICATION_FAILED);
        }
    }

    @Test
    void anIntentThatIsNotSwitchedOnIsFatal() throws Exception {
        // Given
        Bot limited = discord.addBot("token-of-limited", "limited", 0);

        // When
        try (var client = new JdaClient(discord, limited.token(), EnumSet.of(GatewayIntent.MESSAGE_CONTENT))) {
            // Then
            assertThat(client.next(ShutdownEvent.class).getCloseCode()).isEqualTo(CloseCode.DISALLOWED_INTENTS);
        }
    }

    @Test
    void withoutTheIntentOnlyMentionsCarryText() throws Exception {
        try (var client = new JdaClient(discord, bot.token(), EnumSet.of(GatewayIntent.GUILD_MESSAGES))) {
            client.jda().awaitReady();

            // When
            anna.says(general, "not for you");
            anna.says(general, bot.mention() + " for you");

            // Then
            assertThat(content(client.next(MessageReceivedEvent.class))).isEmpty();
            assertThat(content(client.next(MessageReceivedEvent.class))).isEqualTo(bot.mention() + " for you");
        }
    }

    @Test
    void eventsCanComeTwiceAndOutOfOrder() throws Exception {
        try (JdaClient client = JdaClient.ready(discord, bot)) {
            // When
            discord.gateway().duplicateNext(bot, 1);
            anna.says(general, "one");
            discord.gateway().reverseNext(bot, 2);
            anna.says(general, "two");
            anna.says(general, "three");

            // Then
            for (String expected : new String[] {"one", "one", "three", "two"}) {
                assertThat(content(client.next(MessageReceivedEvent.class))).isEqualTo(expected);
            }
        }
    }

    @Test
    void aResetAfterAcceptingLeavesOneMessagePerNonce() throws Exception {
        try (JdaClient client = JdaClient.ready(discord, bot)) {
            // Given
            discord.faults().next(1, FakeDiscord.sends(), Fault.resetAfter());

            // When
            client.jda()
                    .getTextChannelById(general.id())
                    .sendMessage("once")
                    .setNonce("d-1")
                    .complete();

            // Then
            assertThat(general.messages()).extracting(Message::content).containsExactly("once");
            assertThat(discord.requests(FakeDiscord.SEND)).isEqualTo(2);
        }
    }

    @Test
    void aRateLimitIsToldAndObeyed() throws Exception {
        try (JdaClient client = JdaClient.ready(discord, bot)) {
            // Given
            long start = System.nanoTime();
            discord.slowDown(bot, general, Duration.ofSeconds(1));

            // When
            client.jda().getTextChannelById(general.id()).sendMessage("late").complete();

            // Then
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(discord.rateLimited()).isEqualTo(1);
            assertThat(general.messages()).extracting(Message::content).containsExactly("late");
        }
    }

    @Test
    void severalBotsShareAGuildAndHearEachOther() throws Exception {
        // Given
        Bot other = discord.addBot("token-of-other", "other");
        guild.addBot(other);
        try (JdaClient client = JdaClient.ready(discord, bot);
                JdaClient second = JdaClient.ready(discord, other)) {
            // When
            client.jda().getTextChannelById(general.id()).sendMessage("hi").complete();

            // Then
            var heard = second.next(MessageReceivedEvent.class);
            assertThat(heard.getAuthor().getId()).isEqualTo(bot.id());
            assertThat(heard.getAuthor().isBot()).isTrue();
            assertThat(client.next(MessageReceivedEvent.class).getAuthor().getId())
                    .isEqualTo(bot.id());
        }
    }
}
