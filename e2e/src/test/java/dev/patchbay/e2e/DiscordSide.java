package dev.patchbay.e2e;

import dev.patchbay.e2e.Conversation.Kind;
import dev.patchbay.e2e.Conversation.Repeats;
import dev.patchbay.fakes.discord.Bot;
import dev.patchbay.fakes.discord.Channel;
import dev.patchbay.fakes.discord.FakeDiscord;
import dev.patchbay.fakes.discord.Guild;
import dev.patchbay.fakes.discord.Message;
import dev.patchbay.fakes.discord.Said;
import dev.patchbay.fakes.discord.User;
import dev.patchbay.fakes.http.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * People with Discord, in direct chats and in channels of a guild. Discord tells nothing twice, but keeps a history, and knows a message
 * again by its nonce: so nothing may be lost, and nothing repeated.
 */
final class DiscordSide implements AutoCloseable {
    private final FakeDiscord discord = FakeDiscord.start();
    private final Bot bot = discord.addBot("token", "bot");
    private final Guild guild = discord.addGuild("workshop");
    private final Misfortune misfortune;
    private final Talkers talkers;
    private int people;

    DiscordSide(Talkers talkers, Misfortune misfortune) {
        this.talkers = talkers;
        this.misfortune = misfortune;
        guild.addBot(bot);
    }

    String url() {
        return discord.url();
    }

    String gatewayUrl() {
        return discord.gatewayUrl();
    }

    void direct() {
        User person = somebody();
        people(person, discord.direct(bot, person), "direct:" + person.id(), "");
    }

    void channel() {
        Channel channel = guild.addTextChannel("channel" + people);
        people(somebody(), channel, "default:channel:" + channel.id(), bot.mention() + " ");
    }

    /** A channel that only listens. */
    Conversation listener() {
        Channel channel = guild.addTextChannel("announcements");
        return join(channel, "messages.send to Discord", Optional.empty(), true);
    }

    /** Breaks the connection, asks for another one, tells things twice, or makes all messages wait for a second. */
    void stir(int how) {
        switch (how) {
            case 0 -> discord.gateway().drop(bot);
            case 1 -> discord.gateway().reconnect(bot);
            case 2 -> discord.gateway().duplicateNext(bot, 2);
            default -> discord.slowDown(bot, Duration.ofSeconds(1));
        }
    }

    @Override
    public void close() {
        discord.close();
    }

    private User somebody() {
        User person = discord.addUser("person" + people, Integer.toString(300 + people));
        people++;
        guild.addMember(person);
        return person;
    }

    private void people(User person, Channel channel, String session, String address) {
        Conversation conversation = join(channel, "Discord", Optional.of("agent:main:discord:" + session), false);
        talkers.talk(conversation, (number, text) -> {
            Said said = Said.text(address + text);
            person.says(
                    channel,
                    Numbered.hasFile(number) ? said.with("file.txt", "text/plain", Numbered.file(number)) : said);
            return true;
        });
    }

    private Conversation join(Channel channel, String way, Optional<String> session, boolean mayBeLong) {
        Conversation conversation =
                talkers.join(new Kind(way, "discord", channel.id(), session, mayBeLong, Repeats.NEVER));
        discord.faults()
                .add(request -> FakeDiscord.sendsTo(channel).test(request)
                        ? Misfortune.fault(misfortune.draw(), Fault.badGateway())
                        : Fault.none());
        var heard = new long[1];
        talkers.every(Duration.ofMillis(200), () -> {
            List<Message> all = channel.messagesOf(bot.user());
            for (Message message : all) {
                if (Long.parseLong(message.id()) > heard[0]) {
                    heard[0] = Long.parseLong(message.id());
                    conversation.arrived(
                            message.id(),
                            message.content(),
                            message.attachments().size(),
                            true);
                }
            }
        });
        return conversation;
    }
}
