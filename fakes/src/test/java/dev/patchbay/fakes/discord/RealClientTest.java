package dev.patchbay.fakes.discord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.dv8tion.jda.api.components.actionrow.ActionRow;
import net.dv8tion.jda.api.components.buttons.Button;
import net.dv8tion.jda.api.entities.emoji.Emoji;
import net.dv8tion.jda.api.events.interaction.command.SlashCommandInteractionEvent;
import net.dv8tion.jda.api.events.interaction.component.ButtonInteractionEvent;
import net.dv8tion.jda.api.events.message.MessageReceivedEvent;
import net.dv8tion.jda.api.events.message.MessageUpdateEvent;
import net.dv8tion.jda.api.events.message.react.MessageReactionAddEvent;
import net.dv8tion.jda.api.exceptions.ErrorResponseException;
import net.dv8tion.jda.api.interactions.commands.OptionType;
import net.dv8tion.jda.api.interactions.commands.build.Commands;
import net.dv8tion.jda.api.utils.FileUpload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JDA itself, unchanged, lives in the fake. */
@Timeout(120)
class RealClientTest {
    final FakeDiscord discord = FakeDiscord.start();
    final Bot bot = discord.addBot("token-of-patch", "patch");
    final User anna = discord.addUser("anna");
    final Guild guild = discord.addGuild("workshop");
    final Guild.Role crew = guild.addRole("crew");
    final Channel general = guild.addTextChannel("general");
    final Channel forum = guild.addForum("ideas");
    final Channel thread = guild.addThread(general, "side talk", anna);

    JdaClient client;

    @BeforeEach
    void logsIn() throws InterruptedException {
        guild.addBot(bot);
        guild.addMember(anna, crew);
        client = JdaClient.ready(discord, bot);
    }

    @AfterEach
    void closes() {
        try {
            client.close();
        } finally {
            discord.close();
        }
    }

    @Test
    void aMessageInAGuildComesWithItsAuthorRolesAndMention() throws Exception {
        // When
        anna.says(general, "hello " + bot.mention());

        // Then
        var event = client.next(MessageReceivedEvent.class);
        assertThat(event.getMessage().getContentRaw()).isEqualTo("hello " + bot.mention());
        assertThat(event.getAuthor().getId()).isEqualTo(anna.id());
        assertThat(event.getGuild().getId()).isEqualTo(guild.id());
        assertThat(event.getChannel().getId()).isEqualTo(general.id());
        assertThat(event.getMember().getRoles())
                .extracting(role -> role.getId())
                .containsExactly(crew.id());
        assertThat(event.getMessage().getMentions().isMentioned(client.jda().getSelfUser()))
                .isTrue();
    }

    @Test
    void aDirectMessageComesAndIsAnsweredInItsChannel() throws Exception {
        // Given
        Channel direct = discord.direct(bot, anna);
        anna.says(direct, "psst");
        var event = client.next(MessageReceivedEvent.class);

        // When
        event.getChannel().sendMessage("yes?").complete();

        // Then
        assertThat(event.isFromGuild()).isFalse();
        assertThat(direct.messages()).extracting(Message::content).containsExactly("psst", "yes?");
    }

    @Test
    void aDirectChannelIsOpenedByUserId() {
        // When
        client.jda()
                .openPrivateChannelById(anna.id())
                .flatMap(channel -> channel.sendMessage("first"))
                .complete();

        // Then
        assertThat(discord.direct(bot, anna).messages())
                .extracting(Message::content)
                .containsExactly("first");
    }

    @Test
    void threadsAndForumPostsAreChannelsWithAParent() throws Exception {
        // When
        anna.says(thread, "in the thread");
        Channel post = anna.posts(forum, "a new one", "what about this");

        // Then
        var inThread = client.next(MessageReceivedEvent.class);
        var inPost = client.next(MessageReceivedEvent.class);
        assertThat(inThread.getChannel().asThreadChannel().getParentChannel().getId())
                .isEqualTo(general.id());
        assertThat(inPost.getChannel().getId()).isEqualTo(post.id());
        assertThat(inPost.getChannel().asThreadChannel().getParentChannel().getId())
                .isEqualTo(forum.id());
        assertThat(inPost.getMessage().getContentRaw()).isEqualTo("what about this");
    }

    @Test
    void aReplyAnEditAndAReactionReachTheMessage() throws Exception {
        // Given
        Message question = anna.says(general, "how are you?");
        var heard = client.next(MessageReceivedEvent.class).getMessage();

        // When
        var reply = heard.reply("fi").complete();
        reply.editMessage("fine").complete();
        heard.addReaction(Emoji.fromUnicode("👍")).complete();

        // Then
        Message stored = general.messages().getLast();
        assertThat(stored.replyTo()).contains(question.id());
        assertThat(stored.versions()).extracting(Message.Version::content).containsExactly("fi", "fine");
        assertThat(general.messages().getFirst().reactions()).containsEntry("👍", List.of(bot.id()));
    }

    @Test
    void whatPeopleEditAndReactIsTold() throws Exception {
        // Given
        Message said = anna.says(general, Said.text("one").with("a.txt", "text/plain", new byte[] {1}));

        // When
        anna.edits(said, "two");
        anna.reacts(said, "🎉");

        // Then
        assertThat(client.next(MessageUpdateEvent.class).getMessage().getContentRaw())
                .isEqualTo("two");
        var reaction = client.next(MessageReactionAddEvent.class);
        assertThat(reaction.getReaction().getEmoji().getName()).isEqualTo("🎉");
        assertThat(reaction.getUserId()).isEqualTo(anna.id());
    }

    @Test
    void aButtonIsPressedAndTheAnswerChangesItsMessage() throws Exception {
        // Given
        client.jda()
                .getTextChannelById(general.id())
                .sendMessage("sure?")
                .setComponents(ActionRow.of(Button.primary("yes", "Yes"), Button.danger("no", "No")))
                .complete();

        // When
        Interaction pressed = anna.presses(general.messages().getLast(), "yes");
        var event = client.next(ButtonInteractionEvent.class);
        event.editMessage("done").setComponents().complete();

        // Then
        assertThat(event.getComponentId()).isEqualTo("yes");
        assertThat(event.getUser().getId()).isEqualTo(anna.id());
        assertThat(pressed.callback()).hasValue(7);
        assertThat(general.messages()).extracting(Message::content).containsExactly("done");
        assertThat(general.messages().getLast().said().components()).isEmpty();
    }

    @Test
    void aSlashCommandIsRegisteredUsedThoughtAboutAndAnswered() throws Exception {
        // Given
        client.jda()
                .updateCommands()
                .addCommands(Commands.slash("status", "How it goes").addOption(OptionType.STRING, "of", "Whose"))
                .complete();

        // When
        Interaction used = anna.uses(general, bot, "status", Map.of("of", "echo"));
        var event = client.next(SlashCommandInteractionEvent.class);
        event.deferReply().complete();
        int whileThinking = general.messages().getLast().said().flags();
        event.getHook().editOriginal("well").complete();
        event.getHook().sendMessage("between us").setEphemeral(true).complete();

        // Then
        assertThat(event.getOption("of").getAsString()).isEqualTo("echo");
        assertThat(whileThinking).isEqualTo(Said.THINKING);
        assertThat(used.responses()).extracting(Message::content).containsExactly("well", "between us");
        assertThat(general.messages()).extracting(Message::content).containsExactly("well");
        assertThat(discord.requests("PUT /applications/{application}/commands")).isEqualTo(1);
    }

    @Test
    void aSlashCommandWorksInADirectChannelToo() throws Exception {
        // Given
        client.jda().upsertCommand("new", "Start over").complete();

        // When
        Interaction used = anna.uses(discord.direct(bot, anna), bot, "new", Map.of());
        client.next(SlashCommandInteractionEvent.class).reply("started").complete();

        // Then
        assertThat(used.responses()).extracting(Message::content).containsExactly("started");
    }

    @Test
    void filesGoBothWays() throws Exception {
        // Given
        byte[] picture = {1, 2, 3, 4};
        anna.says(general, Said.text("").with("ä picture.png", "image/png", picture));
        var attachment = client.next(MessageReceivedEvent.class)
                .getMessage()
                .getAttachments()
                .getFirst();

        // When
        byte[] loaded = attachment.getProxy().download().get().readAllBytes();
        client.jda()
                .getTextChannelById(general.id())
                .sendFiles(FileUpload.fromData("report".getBytes(StandardCharsets.UTF_8), "report.txt"))
                .complete();

        // Then
        assertThat(loaded).isEqualTo(picture);
        assertThat(attachment.getContentType()).isEqualTo("image/png");
        Attachment sent = general.messages().getLast().attachments().getFirst();
        assertThat(sent.name()).isEqualTo("report.txt");
        assertThat(sent.content().text()).isEqualTo("report");
    }

    @Test
    void historyIsFetchedInPages() {
        // Given
        for (int said = 1; said <= 120; said++) {
            anna.says(general, "line " + said);
        }
        Message tenth = general.messages().get(9);

        // When
        var channel = client.jda().getTextChannelById(general.id());
        var latest = channel.getHistory().retrievePast(100).complete();
        var after = channel.getHistoryAfter(tenth.id(), 3).complete().getRetrievedHistory();
        var before = channel.getHistoryBefore(tenth.id(), 2).complete().getRetrievedHistory();
        var around = channel.getHistoryAround(tenth.id(), 3).complete().getRetrievedHistory();

        // Then
        assertThat(latest).hasSize(100);
        assertThat(latest.getFirst().getContentRaw()).isEqualTo("line 120");
        assertThat(after)
                .extracting(net.dv8tion.jda.api.entities.Message::getContentRaw)
                .containsExactly("line 13", "line 12", "line 11");
        assertThat(before)
                .extracting(net.dv8tion.jda.api.entities.Message::getContentRaw)
                .containsExactly("line 9", "line 8");
        assertThat(around)
                .extracting(net.dv8tion.jda.api.entities.Message::getContentRaw)
                .containsExactly("line 11", "line 10", "line 9");
    }

    @Test
    void theSameNonceSendsOnce() {
        // Given
        var channel = client.jda().getTextChannelById(general.id());

        // When
        var first = channel.sendMessage("once").setNonce("delivery-1").complete();
        var second = channel.sendMessage("once").setNonce("delivery-1").complete();

        // Then
        assertThat(second.getId()).isEqualTo(first.getId());
        assertThat(general.messages()).hasSize(1);
        assertThat(general.messages().getFirst().nonce()).contains("delivery-1");
    }

    @Test
    void refusalsComeInThePlatformsWords() {
        // Given
        anna.refuseDms();
        general.permitSending(false);
        Channel direct = discord.direct(bot, anna);

        // When, Then
        assertThatThrownBy(() -> client.jda()
                        .getTextChannelById(general.id())
                        .sendMessage("x")
                        .complete())
                .isInstanceOfSatisfying(ErrorResponseException.class, refused -> assertThat(refused.getErrorCode())
                        .isEqualTo(50013));
        assertThatThrownBy(() -> client.jda()
                        .openPrivateChannelById(anna.id())
                        .flatMap(channel -> channel.sendMessage("x"))
                        .complete())
                .isInstanceOfSatisfying(ErrorResponseException.class, refused -> assertThat(refused.getErrorCode())
                        .isEqualTo(50007));
        assertThat(direct.messages()).isEmpty();
    }
}
