package dev.patchbay.plugin.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.fakes.discord.Guild;
import dev.patchbay.fakes.discord.Said;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What people do on Discord, and what the hub sees of it. */
@Timeout(60)
class ComingInTest {
    private final Lab lab = new Lab();

    @AfterEach
    void closes() {
        lab.close();
    }

    @Test
    void aMentionInAGuildIsCutAndMarksTheMessageAsMeantForTheBot() throws Exception {
        // Given
        Guild.Role role = lab.guild.addRole("crew");
        lab.guild.addMember(lab.anna, role);
        lab.running();

        // When
        lab.anna.says(lab.general, "hey " + lab.bot.mention() + " what time is it?");
        lab.anna.says(lab.general, "nobody in particular");

        // Then
        List<InboundMessage> messages = lab.host.received().await(2);
        InboundMessage first = messages.getFirst();
        assertThat(first.text()).isEqualTo("hey what time is it?");
        assertThat(first.addressed()).isTrue();
        assertThat(first.peer()).isEqualTo(new Peer(Peer.Kind.CHANNEL, lab.general.id()));
        assertThat(first.guild()).isEqualTo(lab.guild.id());
        assertThat(first.roles()).containsExactly(role.id());
        assertThat(first.threadId()).isNull();
        assertThat(messages.getLast().addressed()).isFalse();
    }

    @Test
    void aThreadIsAThreadOfItsParent() throws Exception {
        // Given
        lab.running();

        // When
        var thread = lab.guild.addThread(lab.general, "details", lab.anna);
        lab.anna.says(thread, "inside");

        // Then
        InboundMessage message = lab.host.received().await(1).getFirst();
        assertThat(message.peer()).isEqualTo(new Peer(Peer.Kind.CHANNEL, lab.general.id()));
        assertThat(message.parentPeer()).isEqualTo(message.peer());
        assertThat(message.threadId()).isEqualTo(thread.id());
    }

    @Test
    void aForumPostIsAThreadOfItsForum() throws Exception {
        // Given
        var forum = lab.guild.addForum("questions");
        lab.running();

        // When
        var post = lab.anna.posts(forum, "How?", "how does it work");

        // Then
        InboundMessage message = lab.host.received().await(1).getFirst();
        assertThat(message.text()).isEqualTo("how does it work");
        assertThat(message.peer().id()).isEqualTo(forum.id());
        assertThat(message.threadId()).isEqualTo(post.id());
    }

    @Test
    void aReplyToTheBotIsMeantForItAndNamesWhatItAnswers() throws Exception {
        // Given
        var channel = lab.running();
        channel.deliver(lab.to(lab.general, "D1", "question?"));
        var question = lab.general.messages().getFirst();

        // When
        lab.anna.says(lab.general, Said.text("answer").replyingTo(question));

        // Then
        InboundMessage message = lab.host.received().await(1).getFirst();
        assertThat(message.addressed()).isTrue();
        assertThat(message.replyTo()).isEqualTo(question.id());
    }

    @Test
    void anEditIsAMessageThatNamesTheOneItReplaces() throws Exception {
        // Given
        lab.running();
        var said = lab.anna.says(lab.general, "helo");
        lab.host.received().await(1);

        // When
        lab.anna.edits(said, "hello");

        // Then
        InboundMessage edit = lab.host.received().await(2).getLast();
        assertThat(edit.text()).isEqualTo("hello");
        assertThat(edit.edits()).isEqualTo(said.id());
        assertThat(edit.remoteId()).startsWith(said.id() + ":e");
    }

    @Test
    void reactionsAreTold() throws Exception {
        // Given
        lab.running();
        var said = lab.anna.says(lab.general, "nice");

        // When
        lab.anna.reacts(said, "👍");

        // Then
        var reaction = lab.host.reactions().await(1).getFirst();
        assertThat(reaction.emoji()).isEqualTo("👍");
        assertThat(reaction.remoteId()).isEqualTo(said.id());
        assertThat(reaction.added()).isTrue();
    }

    @Test
    void filesAreInTheStoreBeforeTheMessageIs() throws Exception {
        // Given
        lab.running();
        byte[] content = "lots of words".getBytes(StandardCharsets.UTF_8);

        // When
        lab.anna.says(
                lab.discord.direct(lab.bot, lab.anna), Said.text("read this").with("words.txt", "text/plain", content));

        // Then
        InboundMessage message = lab.host.received().await(1).getFirst();
        assertThat(message.peer()).isEqualTo(Peer.direct(lab.anna.id()));
        assertThat(message.attachments()).hasSize(1);
        try (var file = lab.host.attachments().open(message.attachments().getFirst())) {
            assertThat(file.stream().readAllBytes()).isEqualTo(content);
            assertThat(file.name()).isEqualTo("words.txt");
        }
    }

    @Test
    void aFileThatIsTooLargeIsALineInTheText() throws Exception {
        // Given
        lab.running();

        // When
        lab.anna.says(
                lab.general, Said.text("read this").with("big.bin", "application/octet-stream", new byte[2 << 20]));

        // Then
        InboundMessage message = lab.host.received().await(1).getFirst();
        assertThat(message.attachments()).isEmpty();
        assertThat(message.text()).isEqualTo("read this\n[file not taken: big.bin, too large]");
    }

    @Test
    void aSlashCommandIsAnsweredAtOnceAndBecomesText() throws Exception {
        // Given
        lab.running(Map.of("commands", List.of(Map.of("name", "weather", "description", "Tell the weather"))));
        assertThat(lab.discord.await(java.time.Duration.ofSeconds(10), () -> lab.discord.calls().stream()
                        .anyMatch(call -> call.route().startsWith("PUT") && call.status() == 200)))
                .isTrue();

        // When
        var interaction = lab.anna.uses(lab.general, lab.bot, "weather", Map.of("text", "in Berlin"));

        // Then
        InboundMessage message = lab.host.received().await(1).getFirst();
        assertThat(message.text()).isEqualTo("/weather in Berlin");
        assertThat(message.addressed()).isTrue();
        assertThat(message.remoteId()).isEqualTo("i:" + interaction.id());
        assertThat(lab.discord.await(
                        java.time.Duration.ofSeconds(3 + 10),
                        () -> interaction.callback().isPresent()))
                .isTrue();
    }

    @Test
    void otherBotsAreNotListenedTo() throws Exception {
        // Given
        var other = lab.discord.addBot("token-of-other", "other");
        lab.guild.addBot(other);
        lab.running();

        // When
        other.user().says(lab.general, "I am a bot");
        lab.anna.says(lab.general, "I am not");

        // Then
        assertThat(lab.host.received().await(1))
                .extracting(InboundMessage::text)
                .containsExactly("I am not");
    }
}
