package dev.patchbay.plugin.discord;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.dv8tion.jda.api.utils.data.DataObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sorts the gateway's events into the lanes of their channels. Called by the thread that reads the gateway, one event at a time and
 * never for long.
 *
 * <p>Events are taken as Discord writes them rather than as JDA's objects: the history, which has to be read by the same rules,
 * comes in that form only.
 */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /** What is read here beside READY. */
    static final Set<String> KINDS = Set.of(
            "GUILD_CREATE",
            "GUILD_DELETE",
            "GUILD_ROLE_CREATE",
            "GUILD_ROLE_UPDATE",
            "CHANNEL_CREATE",
            "CHANNEL_UPDATE",
            "CHANNEL_DELETE",
            "THREAD_CREATE",
            "THREAD_UPDATE",
            "THREAD_DELETE",
            "MESSAGE_CREATE",
            "MESSAGE_UPDATE",
            "MESSAGE_REACTION_ADD",
            "MESSAGE_REACTION_REMOVE",
            "INTERACTION_CREATE");

    private final Lanes lanes;
    private final Self self;
    private final Places places;
    private final Messages messages;
    private final History history;
    private final Memory memory;
    private final Interactions interactions;
    private final CommandMenu menu;
    private final SentLog sent;
    /** Channels whose lane was full and that will be read from the history. */
    private final Set<String> gaps = ConcurrentHashMap.newKeySet();

    private final AtomicInteger session = new AtomicInteger();

    Intake(
            Lanes lanes,
            Self self,
            Places places,
            Messages messages,
            History history,
            Memory memory,
            Interactions interactions,
            CommandMenu menu,
            SentLog sent) {
        this.lanes = lanes;
        this.self = self;
        this.places = places;
        this.messages = messages;
        this.history = history;
        this.memory = memory;
        this.interactions = interactions;
        this.menu = menu;
        this.sent = sent;
    }

    void event(String type, DataObject event) throws InterruptedException {
        @Nullable String guild = event.getString("guild_id", null);
        switch (type) {
            case "READY" -> ready(event);
            case "GUILD_CREATE" -> guild(event);
            case "GUILD_DELETE" -> self.left(event.getString("id"));
            case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE" -> role(event, guild);
            case "CHANNEL_CREATE", "CHANNEL_UPDATE", "THREAD_CREATE", "THREAD_UPDATE" -> places.learn(event, guild);
            case "CHANNEL_DELETE", "THREAD_DELETE" -> places.forget(event.getString("id"));
            case "MESSAGE_CREATE" -> message(event, guild);
            case "MESSAGE_UPDATE" -> passing(event, channel -> messages.take(event, guild, true));
            case "MESSAGE_REACTION_ADD" -> passing(event, channel -> messages.reaction(event, channel, guild, true));
            case "MESSAGE_REACTION_REMOVE" ->
                passing(event, channel -> messages.reaction(event, channel, guild, false));
            case "INTERACTION_CREATE" -> interaction(event, guild);
            default -> {}
        }
    }

    /** A new session: what was said before it is in the history, at best. */
    private void ready(DataObject event) throws InterruptedException {
        String user = event.getObject("user").getString("id");
        self.isCalled(user);
        messages.newSession();
        memory.beginning();
        session.incrementAndGet();
        for (Memory.Room room : memory.rooms()) {
            if (room.guild() == null) {
                catchUp(new History.Listed(room.channel(), null, null, false), () -> {});
            }
        }
        String application = event.optObject("application")
                .map(each -> each.getString("id", user))
                .orElse(user);
        lanes.add("commands", () -> menu.publish(application));
    }

    /** A guild that has become visible: after a start, a new session, an outage of Discord's, an invitation. */
    private void guild(DataObject event) throws InterruptedException {
        String guild = event.getString("id");
        event.optArray("roles").ifPresent(roles -> self.learn(guild, roles));
        var channels = new ArrayList<>(MessageReader.each(event, "channels"));
        channels.addAll(MessageReader.each(event, "threads"));
        var listed = new LinkedHashMap<String, History.Listed>();
        Optional<String> newest = memory.newestOf(guild);
        String newestNow = newest.orElse(Snowflake.ZERO);
        for (DataObject channel : channels) {
            Place place = places.learn(channel, guild);
            String id = place.channel();
            newestNow = Snowflake.later(newestNow, id);
            if (Places.holdsMessages(channel)) {
                boolean isNew = newest.isPresent() && Snowflake.isLater(id, newest.get());
                listed.put(
                        id, new History.Listed(id, guild, channel.getString("last_message_id", Snowflake.ZERO), isNew));
            }
        }
        for (Memory.Room room : memory.rooms()) {
            if (guild.equals(room.guild())) {
                // An archived thread is not listed, and has been written in if it is news.
                listed.putIfAbsent(room.channel(), new History.Listed(room.channel(), guild, null, false));
            }
        }
        // Kept when all is read: a channel that is new must be new again after a crash in between.
        String toKeep = newestNow;
        var left = new AtomicInteger(listed.size() + 1);
        Lanes.Work done = () -> {
            if (left.decrementAndGet() == 0 && !toKeep.equals(newest.orElse(""))) {
                memory.keepNewestOf(guild, toKeep);
            }
        };
        for (History.Listed each : listed.values()) {
            catchUp(each, done);
        }
        lanes.add("guild-" + guild, done);
    }

    private void catchUp(History.Listed listed, Lanes.Work done) {
        int now = session.get();
        lanes.add(listed.channel(), () -> {
            history.catchUp(listed, now);
            done.run();
        });
    }

    private void role(DataObject event, @Nullable String guild) {
        if (guild != null) {
            event.optObject("role").ifPresent(role -> self.learn(guild, role));
        }
    }

    private void message(DataObject event, @Nullable String guild) {
        if (event.optObject("author").map(author -> author.getString("id", "")).equals(Optional.of(self.id()))) {
            Optional.ofNullable(event.getString("nonce", null))
                    .ifPresent(nonce -> sent.add(nonce, event.getString("id")));
            return;
        }
        String channel = event.getString("channel_id");
        int now = session.get();
        boolean isTaken = lanes.offer(channel, () -> {
            try {
                history.catchUp(channel, guild, now);
                messages.take(event, guild, false);
            } catch (RuntimeException | Error fault) {
                // The next message brings this one along, out of the history, for one more try.
                history.hasGap(channel);
                throw fault;
            }
        });
        if (!isTaken && gaps.add(channel)) {
            LOG.warn("Too much waits in channel {}: what comes now is fetched from the history later", channel);
            lanes.add(channel, () -> {
                gaps.remove(channel);
                history.hasGap(channel);
                history.catchUp(channel, guild, now);
            });
        }
    }

    private void interaction(DataObject event, @Nullable String guild) {
        String id = event.getString("id");
        lanes.add("interaction-" + id, () -> interactions.acknowledge(event));
        passing(event, channel -> messages.interaction(event, channel, guild));
    }

    /** What Discord does not keep for later. */
    private void passing(DataObject event, ChannelWork work) {
        String channel = event.getString("channel_id", "");
        if (!channel.isEmpty() && !lanes.offer(channel, () -> work.run(channel))) {
            LOG.warn("Too much waits in channel {}: an event was dropped", channel);
        }
    }

    @FunctionalInterface
    private interface ChannelWork {
        void run(String channel) throws InterruptedException;
    }
}
