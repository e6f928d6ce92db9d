package dev.patchbay.fakes.discord;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A guild with its members, roles and channels. Bots that are connected are told of each change. Safe for use by many threads. */
public final class Guild {
    /** What everybody may do unless a channel says otherwise: see, read, write, react, attach, embed, use commands, threads. */
    static final long PERMISSIONS = 1L << 6 // ADD_REACTIONS
            | 1L << 10 // VIEW_CHANNEL
            | 1L << 11 // SEND_MESSAGES
            | 1L << 14 // EMBED_LINKS
            | 1L << 15 // ATTACH_FILES
            | 1L << 16 // READ_MESSAGE_HISTORY
            | 1L << 18 // USE_EXTERNAL_EMOJIS
            | 1L << 31 // USE_APPLICATION_COMMANDS
            | 1L << 35 // CREATE_PUBLIC_THREADS
            | 1L << 38; // SEND_MESSAGES_IN_THREADS

    private final World world;
    private final String id;
    private final String name;

    // All below under the world's lock.
    final Map<String, Role> roles = new LinkedHashMap<>();
    final Map<String, Member> members = new LinkedHashMap<>();

    private volatile boolean isWithoutRoleColors;

    /** A role that members can have. */
    public record Role(String id, String name) {
        /** How a text mentions it. */
        public String mention() {
            return "<@&" + id + ">";
        }
    }

    record Member(User user, List<String> roles, Instant joinedAt) {}

    Guild(World world, String id, String name) {
        this.world = world;
        this.id = id;
        this.name = name;
        // The role of everybody has the guild's own id.
        roles.put(id, new Role(id, "@everyone"));
    }

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    /** From now on its roles lack a field that Discord documents, as on older or simpler servers: JDA cannot read such a guild. */
    public void leaveOutRoleColors() {
        isWithoutRoleColors = true;
    }

    boolean hasRoleColors() {
        return !isWithoutRoleColors;
    }

    public Channel addTextChannel(String channelName) {
        return add(Channel.Kind.TEXT, channelName);
    }

    public Channel addForum(String channelName) {
        return add(Channel.Kind.FORUM, channelName);
    }

    /** Starts a thread in a text channel; a post in a forum is made by {@link User#posts}. */
    public Channel addThread(Channel parent, String threadName, User owner) {
        return world.locked(() -> world.openThread(parent, threadName, owner, world.nextId()));
    }

    public Role addRole(String roleName) {
        return world.locked(() -> world.addRole(this, new Role(world.nextId(), roleName)));
    }

    /** Takes somebody in, or gives a member other roles. */
    public void addMember(User user, Role... with) {
        world.change(() ->
                world.addMember(this, user, List.of(with).stream().map(Role::id).toList()));
    }

    /** Invites a bot; if it is connected it is told of the guild. */
    public void addBot(Bot bot) {
        addMember(bot.user());
    }

    private Channel add(Channel.Kind kind, String channelName) {
        return world.locked(() -> world.addChannel(
                new Channel(world, world.nextId(), kind, channelName, new Channel.Home.InGuild(this))));
    }

    @Nullable
    Member member(User user) {
        return members.get(user.id());
    }

    @Override
    public String toString() {
        return name + " (" + id + ")";
    }
}
