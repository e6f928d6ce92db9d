package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the gateway remembers of one bot's session, also while its connection is gone. Under the world's lock. */
final class GatewaySession {
    private static final int REPLAY_MAX = 10_000;

    final String id;
    final Bot bot;
    final long intents;
    final int largeThreshold;
    private final Shard shard;
    private final GatewayScript script;
    private final NavigableMap<Long, byte[]> replay = new TreeMap<>();
    private final List<Held> held = new ArrayList<>();
    private long sequence;
    private @Nullable GatewayConnection connection;

    /** One of {@code count} parts that a bot's guilds are divided into. */
    record Shard(int index, int count) {}

    private record Held(String type, ObjectNode data) {}

    GatewaySession(String id, Bot bot, long intents, int largeThreshold, Shard shard, GatewayScript script) {
        this.id = id;
        this.bot = bot;
        this.intents = intents;
        this.largeThreshold = largeThreshold;
        this.shard = shard;
        this.script = script;
    }

    boolean serves(Guild guild) {
        return (Long.parseLong(guild.id()) >> 22) % shard.count() == shard.index();
    }

    boolean servesDms() {
        return shard.index() == 0;
    }

    Shard shard() {
        return shard;
    }

    /** Asked for when it identified itself; that it may be asked for was checked then. */
    boolean mayReadContent() {
        return (intents & Intents.MESSAGE_CONTENT) != 0;
    }

    @Nullable
    GatewayConnection connection() {
        return connection;
    }

    void attach(@Nullable GatewayConnection to) {
        connection = to;
    }

    long sequence() {
        return sequence;
    }

    /** Numbers an event and sends it; keeps it for a resume; plays the script's tricks on it. */
    void dispatch(String type, ObjectNode data) {
        if (!script.reverses(type)) {
            send(type, data);
            return;
        }
        held.add(new Held(type, data));
        if (script.heldEnough(held.size())) {
            Collections.reverse(held);
            held.forEach(each -> send(each.type(), each.data()));
            held.clear();
        }
    }

    private void send(String type, ObjectNode data) {
        ObjectNode event = Json.object().put("op", 0).put("s", ++sequence).put("t", type);
        event.set("d", data);
        byte[] frame = WebSocketFrame.text(Json.bytes(event));
        replay.put(sequence, frame);
        if (replay.size() > REPLAY_MAX) {
            replay.pollFirstEntry();
        }
        if (connection != null) {
            int times = script.duplicates(type) ? 2 : 1;
            for (int sent = 0; sent < times; sent++) {
                connection.send(frame);
            }
        }
    }

    /** Whether all after that number is still here. */
    boolean canReplay(long after) {
        return after >= sequence - replay.size();
    }

    void replay(long after, GatewayConnection to) {
        replay.tailMap(after, false).values().forEach(to::send);
    }
}
