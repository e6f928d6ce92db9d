package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All that the platform knows. One lock guards it together with the gateway's sessions, so that an event and the answer to the
 * request that caused it never disagree. Nothing is read or written from a socket while the lock is held.
 */
final class World {
    private static final long DISCORD_EPOCH_MILLIS = 1_420_070_400_000L;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Clock clock;
    private final Speech speech = new Speech(this);
    private final Interactions interactions = new Interactions(this);
    private final Commands commands = new Commands(this);

    final Map<String, User> users = new LinkedHashMap<>();
    final Map<String, Bot> bots = new LinkedHashMap<>();
    final Map<String, Guild> guilds = new LinkedHashMap<>();
    final Map<String, Channel> channels = new LinkedHashMap<>();
    private Consumer<Event> gateway = event -> {};
    private String filesUrl = "";
    private String gatewayUrl = "";
    private long lastId;

    World(Clock clock) {
        this.clock = clock;
    }

    /** Where events go, files can be fetched and bots connect; said once, before anything happens. */
    void connect(Consumer<Event> toGateway, String urlOfFiles, String urlOfGateway) {
        change(() -> {
            gateway = toGateway;
            filesUrl = urlOfFiles;
            gatewayUrl = urlOfGateway;
        });
    }

    String gatewayUrl() {
        return gatewayUrl;
    }

    /** Changes something; whoever awaits a change looks again. */
    void change(Runnable change) {
        locked(() -> {
            change.run();
            return change;
        });
    }

    /** Changes something and answers. */
    <T> T locked(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    <T> T read(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    boolean await(Duration bound, BooleanSupplier condition) throws InterruptedException {
        long left = bound.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                // Conditions may look at the clock or at other objects: they are asked again even if nothing changed
                // here.
                long nap = Math.min(left, TimeUnit.MILLISECONDS.toNanos(100));
                left -= nap - changed.awaitNanos(nap);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    Instant now() {
        return clock.instant();
    }

    /** A new id, larger than all before; like the real ones it holds the time. */
    String nextId() {
        lastId = Math.max(lastId + 1, (clock.millis() - DISCORD_EPOCH_MILLIS) << 22);
        return Long.toString(lastId);
    }

    Speech speech() {
        return speech;
    }

    Interactions interactions() {
        return interactions;
    }

    Commands commands() {
        return commands;
    }

    void tell(Event event) {
        gateway.accept(event);
    }

    Optional<Bot> botById(String id) {
        return bots.values().stream().filter(bot -> bot.id().equals(id)).findFirst();
    }

    Channel channel(String id) {
        Channel channel = channels.get(id);
        if (channel == null) {
            throw ApiError.unknown(10003, "Channel");
        }
        return channel;
    }

    Attachment attach(Channel channel, Upload upload) {
        String id = nextId();
        // The real ones carry a signature that ends some day; nobody checks this one.
        String url = filesUrl + "/attachments/" + channel.id() + "/" + id + "/" + Shapes.encoded(upload.name())
                + "?ex=" + Long.toHexString(now().plus(Duration.ofDays(1)).getEpochSecond())
                + "&is=" + Long.toHexString(now().getEpochSecond()) + "&hm=0";
        return new Attachment(id, url, upload.name(), upload.contentType(), upload.content());
    }

    User addUser(String name, boolean isBot) {
        return addUser(name, nextId(), isBot);
    }

    User addUser(String name, String id, boolean isBot) {
        var user = new User(this, id, name, isBot);
        users.put(user.id(), user);
        return user;
    }

    Bot addBot(String token, String name, long intentsAllowed) {
        if (bots.containsKey(token)) {
            throw new IllegalStateException("this token is another bot's");
        }
        var bot = new Bot(addUser(name, true), token, intentsAllowed);
        bots.put(token, bot);
        return bot;
    }

    Guild addGuild(String name) {
        var guild = new Guild(this, nextId(), name);
        guilds.put(guild.id(), guild);
        return guild;
    }

    Guild.Role addRole(Guild guild, Guild.Role role) {
        guild.roles.put(role.id(), role);
        tell(new Event("GUILD_ROLE_CREATE", Intents.GUILDS, new Event.Where.Inside(guild), session -> {
            ObjectNode data = Json.object().put("guild_id", guild.id());
            data.set("role", Shapes.role(guild, role));
            return data;
        }));
        return role;
    }

    void addMember(Guild guild, User user, List<String> roles) {
        Guild.Member before = guild.member(user);
        var member = new Guild.Member(user, List.copyOf(roles), before == null ? now() : before.joinedAt());
        guild.members.put(user.id(), member);
        Optional<Bot> bot = botById(user.id());
        if (before == null && bot.isPresent()) {
            tell(new Event(
                    "GUILD_CREATE",
                    Intents.GUILDS,
                    new Event.Where.To(bot.get()),
                    session -> guildFor(guild, session)));
        }
        String type = before == null ? "GUILD_MEMBER_ADD" : "GUILD_MEMBER_UPDATE";
        tell(new Event(
                type, Intents.GUILD_MEMBERS, new Event.Where.Inside(guild), session -> Shapes.member(member, true)
                        .put("guild_id", guild.id())));
    }

    /** A guild as one session is told of it, which without the intent does not hear of the other members. */
    ObjectNode guildFor(Guild guild, GatewaySession session) {
        boolean all = (session.intents & Intents.GUILD_MEMBERS) != 0 && guild.members.size() <= session.largeThreshold;
        List<Channel> inside = channels.values().stream()
                .filter(channel -> channel.guild().filter(guild::equals).isPresent())
                .toList();
        List<Guild.Member> named = guild.members.values().stream()
                .filter(member -> all || member.user() == session.bot.user())
                .toList();
        return Shapes.guild(guild, inside, named, session);
    }

    Channel addChannel(Channel channel) {
        channels.put(channel.id(), channel);
        tell(new Event(
                "CHANNEL_CREATE", Intents.GUILDS, new Event.Where.In(channel), session -> Shapes.channel(channel)));
        return channel;
    }

    Channel openThread(Channel parent, String name, User owner, String id) {
        if (parent.kind() != Channel.Kind.TEXT && parent.kind() != Channel.Kind.FORUM) {
            throw new IllegalStateException("no thread can be in " + parent);
        }
        var thread = new Channel(this, id, Channel.Kind.THREAD, name, new Channel.Home.Under(parent, owner));
        channels.put(id, thread);
        tell(new Event("THREAD_CREATE", Intents.GUILDS, new Event.Where.In(thread), session -> Shapes.channel(thread)
                .put("newly_created", true)));
        return thread;
    }

    /** The direct channel of the two, made when it is asked for the first time. */
    Channel direct(Bot bot, User person) {
        var home = new Channel.Home.Between(bot, person);
        for (Channel each : channels.values()) {
            if (each.home().equals(home)) {
                return each;
            }
        }
        // Bots are not told of a new direct channel (since version 8); they meet it with its first message.
        var channel = new Channel(this, nextId(), Channel.Kind.DIRECT, "", home);
        channels.put(channel.id(), channel);
        return channel;
    }

    void remove(Channel channel) {
        String type = channel.kind() == Channel.Kind.THREAD ? "THREAD_DELETE" : "CHANNEL_DELETE";
        tell(new Event(type, Intents.GUILDS, new Event.Where.In(channel), session -> Shapes.channel(channel)));
        channels.remove(channel.id());
    }
}
