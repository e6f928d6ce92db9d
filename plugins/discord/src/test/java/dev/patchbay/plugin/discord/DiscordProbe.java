package dev.patchbay.plugin.discord;

import dev.patchbay.api.Answer;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.Command;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Reaction;
import dev.patchbay.api.Receipt;
import dev.patchbay.fakes.discord.Bot;
import dev.patchbay.fakes.discord.FakeDiscord;
import dev.patchbay.fakes.discord.Message;
import dev.patchbay.fakes.discord.Said;
import dev.patchbay.fakes.discord.User;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.http.Response;
import dev.patchbay.testkit.ChannelProbe;
import dev.patchbay.testkit.Recorded;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The people with whom the bot has direct chats, as the contract looks at them. */
final class DiscordProbe implements ChannelProbe.Speaking, AutoCloseable {
    private final FakeDiscord discord;
    private final Bot bot;
    private final List<User> people;
    private final Recorded<Arrival> arrivals = new Recorded<>();
    private final Recorded<String> acknowledged = new Recorded<>();

    /** What was said and is on its way; Discord knows no acknowledgement, so the hub's receipt counts as one. */
    private final Set<String> unacknowledged = new HashSet<>();

    private final Set<String> seen = new HashSet<>();
    private final Thread watcher;

    DiscordProbe(FakeDiscord discord, Bot bot, User... people) {
        this.discord = discord;
        this.bot = bot;
        this.people = List.of(people);
        this.watcher = Thread.ofVirtual().name("probe").start(this::watch);
    }

    @Override
    public Recorded<Arrival> arrivals() {
        look();
        return arrivals;
    }

    @Override
    public Set<Trouble> troubles() {
        return EnumSet.allOf(Trouble.class);
    }

    @Override
    public void nextMeets(Trouble trouble) {
        discord.faults()
                .next(
                        1,
                        FakeDiscord.sends(),
                        switch (trouble) {
                            case REFUSES ->
                                Fault.answer(Response.json(
                                        403, "{\"message\": \"Cannot send messages to this user\", \"code\": 50007}"));
                            case ASKS_TO_SLOW_DOWN ->
                                Fault.answer(Response.json(
                                        429,
                                        "{\"message\": \"You are being rate limited.\", \"retry_after\": 0.3,"
                                                + " \"global\": false}"));
                            case FAILS -> Fault.status(500);
                            case TAKES_AND_HANGS_UP -> Fault.resetAfter();
                            case TAKES_AND_STAYS_SILENT -> Fault.hangAfter();
                        });
    }

    @Override
    public void say(String id, Peer from, String text) {
        synchronized (this) {
            unacknowledged.add(id);
        }
        User person = people.stream()
                .filter(each -> each.id().equals(from.id()))
                .findFirst()
                .orElseThrow();
        person.says(discord.direct(bot, person), Said.text(text), id);
    }

    @Override
    public Recorded<String> acknowledged() {
        return acknowledged;
    }

    /** The same hub; what it has taken counts as acknowledged. */
    ChannelHost acknowledging(ChannelHost host) {
        return new Acknowledging(host);
    }

    @Override
    public void close() {
        watcher.interrupt();
    }

    private void watch() {
        try {
            while (true) {
                discord.await(Duration.ofMillis(100), () -> false);
                look();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look() {
        people.stream()
                .flatMap(person -> discord.direct(bot, person).messagesOf(bot.user()).stream()
                        .map(message -> new Found(person, message)))
                .filter(found -> seen.add(found.message().id()))
                .sorted(Comparator.comparing(
                        found -> Long.valueOf(found.message().id())))
                .forEach(found -> arrivals.add(new Arrival(
                        found.person().id(),
                        found.message().content(),
                        found.message().nonce().orElse(null))));
    }

    private record Found(User person, Message message) {}

    private synchronized void acknowledge(InboundMessage message) {
        Stream.ofNullable(message.remoteId()).filter(unacknowledged::remove).forEach(acknowledged::add);
    }

    private final class Acknowledging implements ChannelHost {
        private final ChannelHost host;

        private Acknowledging(ChannelHost host) {
            this.host = host;
        }

        @Override
        public Receipt receive(InboundMessage message) throws NotAccepted, InterruptedException {
            Receipt receipt = host.receive(message);
            acknowledge(message);
            return receipt;
        }

        @Override
        public Receipt receive(InboundMessage message, Note note) throws NotAccepted, InterruptedException {
            Receipt receipt = host.receive(message, note);
            acknowledge(message);
            return receipt;
        }

        @Override
        public void keep(Note note) throws NotAccepted, InterruptedException {
            host.keep(note);
        }

        @Override
        public Optional<String> note(String name) throws InterruptedException {
            return host.note(name);
        }

        @Override
        public Attachments attachments() {
            return host.attachments();
        }

        @Override
        public void reacted(Reaction reaction) {
            host.reacted(reaction);
        }

        @Override
        public List<Command> commands() {
            return host.commands();
        }

        @Override
        public Answer receiveAndWait(InboundMessage message, Duration longest)
                throws NotAccepted, InterruptedException {
            return host.receiveAndWait(message, longest);
        }

        @Override
        public boolean present(OutboundMessage message) {
            return host.present(message);
        }

        @Override
        public void report(Condition condition, String reason) {
            host.report(condition, reason);
        }

        @Override
        public Clock clock() {
            return host.clock();
        }
    }
}
