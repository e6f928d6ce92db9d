package dev.patchbay.plugin.discord;

import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an account remembers over restarts: how far each channel was read, which chats and threads there are, and what was the
 * latest channel of each guild. Safe for many threads; one channel's entries are used by one thread at a time.
 */
final class Memory {
    private static final Logger LOG = LoggerFactory.getLogger(Memory.class);
    private static final String ROOMS = "rooms/";
    private static final String BEGINNING = "beginning";

    /** Rooms in one note: at most 42 characters each, below 8,000. */
    private static final int ROOMS_PER_NOTE = 180;

    /** With these notes there is room for some 9,000 channels among an account's 10,000 notes. */
    private static final int ROOM_NOTES_MAX = 10;

    private final ChannelHost host;
    private final Map<String, String> read = new ConcurrentHashMap<>();

    /** Guarded by itself; oldest first. */
    private final Set<Room> rooms = new LinkedHashSet<>();

    private boolean hasRooms;

    Memory(ChannelHost host) {
        this.host = host;
    }

    /** A direct chat, or a thread of a guild. */
    record Room(String channel, @Nullable String guild) {
        static Room read(String text) {
            String[] parts = text.split("@", 2);
            return new Room(parts[0], parts.length > 1 ? parts[1] : null);
        }

        String written() {
            return guild == null ? channel : channel + "@" + guild;
        }
    }

    /** The latest message of a channel that was dealt with. */
    Optional<String> readUpTo(String channel) throws InterruptedException {
        String known = read.get(channel);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<String> kept = host.note(name(channel)).filter(Snowflake::isId);
        kept.ifPresent(id -> read.put(channel, id));
        return kept;
    }

    /** Before every message that was said since the account first listened; set at the first call. */
    String beginning() throws InterruptedException {
        Optional<String> known = host.note(BEGINNING).filter(Snowflake::isId);
        if (known.isPresent()) {
            return known.get();
        }
        String now = Snowflake.at(host.clock().instant());
        keep(new Note(BEGINNING, now));
        return now;
    }

    /** The note to keep with a message; it never goes back. */
    Note noteFor(String channel, String messageId) throws InterruptedException {
        return new Note(
                name(channel), Snowflake.later(messageId, readUpTo(channel).orElse(Snowflake.ZERO)));
    }

    /** To be called when a note is on disk. */
    void isKept(String channel, Note note) {
        read.put(channel, note.value());
    }

    /** Keeps how far a channel was read without a message; what cannot be kept is asked of Discord again next time. */
    void keepReadUpTo(String channel, String messageId) throws InterruptedException {
        Note note = noteFor(channel, messageId);
        if (!note.value().equals(read.get(channel)) && keep(note)) {
            isKept(channel, note);
        }
    }

    /** Direct chats and threads that were heard of: Discord does not list them after a restart. */
    List<Room> rooms() throws InterruptedException {
        synchronized (rooms) {
            load();
            return List.copyOf(rooms);
        }
    }

    void addRoom(Room room) throws InterruptedException {
        synchronized (rooms) {
            load();
            if (!rooms.add(room)) {
                return;
            }
            var all = new ArrayList<>(rooms);
            if (all.size() > ROOMS_PER_NOTE * ROOM_NOTES_MAX) {
                // The oldest note's worth goes, so that not every newcomer rewrites all notes.
                all.subList(0, ROOMS_PER_NOTE).clear();
                rooms.retainAll(Set.copyOf(all));
                for (int i = 0; i < ROOM_NOTES_MAX; i++) {
                    keepRooms(all, i);
                }
            } else {
                keepRooms(all, (all.size() - 1) / ROOMS_PER_NOTE);
            }
        }
    }

    /** The latest channel of a guild when it was last seen; empty if it never was. */
    Optional<String> newestOf(String guild) throws InterruptedException {
        return host.note("guild/" + guild).filter(Snowflake::isId);
    }

    void keepNewestOf(String guild, String id) throws InterruptedException {
        keep(new Note("guild/" + guild, id));
    }

    Optional<String> commands() throws InterruptedException {
        return host.note("commands");
    }

    void keepCommands(String fingerprint) throws InterruptedException {
        keep(new Note("commands", fingerprint));
    }

    private void load() throws InterruptedException {
        if (hasRooms) {
            return;
        }
        for (int i = 0; i < ROOM_NOTES_MAX; i++) {
            host.note(ROOMS + i).ifPresent(ids -> {
                for (String id : ids.split(" ", -1)) {
                    Room room = Room.read(id);
                    if (Snowflake.isId(room.channel())) {
                        rooms.add(room);
                    }
                }
            });
        }
        hasRooms = true;
    }

    private void keepRooms(List<Room> all, int note) throws InterruptedException {
        int from = Math.min(note * ROOMS_PER_NOTE, all.size());
        int to = Math.min(from + ROOMS_PER_NOTE, all.size());
        keep(new Note(
                ROOMS + note, all.subList(from, to).stream().map(Room::written).collect(Collectors.joining(" "))));
    }

    private boolean keep(Note note) throws InterruptedException {
        try {
            host.keep(note);
            return true;
        } catch (NotAccepted notNow) {
            LOG.warn("The note {} was not kept: {}", note.name(), notNow.getMessage());
            return false;
        }
    }

    private static String name(String channel) {
        return "last/" + channel;
    }
}
