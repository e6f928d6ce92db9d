package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.http.Request;
import dev.patchbay.fakes.http.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Serves the gateway's connections and keeps the sessions. What connections call takes the world's lock, the rest is under it. */
final class GatewayDesk {
    static final int PAYLOAD_BYTES_MAX = 4_096;
    private static final int SESSIONS_MAX = 1_000;

    /** Sessions of one bot that have lost their connection: as many as may still be resumed. Each keeps what is told meanwhile. */
    private static final int LEFT_MAX = 8;

    private final World world;
    private final Duration heartbeat;
    private final MemberChunks chunks;
    private final Map<String, GatewaySession> sessions = new LinkedHashMap<>();
    private final Map<String, GatewayScript> scripts = new HashMap<>();
    private final Map<String, Integer> identifies = new HashMap<>();
    private final Map<String, Integer> resumes = new HashMap<>();
    private long heartbeats;

    GatewayDesk(World world, Duration heartbeat) {
        this.world = world;
        this.heartbeat = heartbeat;
        this.chunks = new MemberChunks(world);
    }

    int identifies(Bot bot) {
        return identifies.getOrDefault(bot.id(), 0);
    }

    int resumes(Bot bot) {
        return resumes.getOrDefault(bot.id(), 0);
    }

    long heartbeats() {
        return heartbeats;
    }

    void forget(Bot bot) {
        sessions.values().removeIf(session -> session.bot.equals(bot));
    }

    List<GatewayConnection> connections(Bot bot) {
        return sessions.values().stream()
                .filter(session -> session.bot.equals(bot))
                .flatMap(session -> Stream.ofNullable(session.connection()))
                .toList();
    }

    GatewayScript scriptOf(Bot bot) {
        return scripts.computeIfAbsent(bot.id(), any -> new GatewayScript());
    }

    Response handle(Request request) {
        // A client whose heartbeat fails three times is gone.
        var connection = new GatewayConnection(this, heartbeat.multipliedBy(3).plusSeconds(5));
        return WebSocketFrame.accept(request, connection);
    }

    void tell(Event event) {
        for (GatewaySession session : List.copyOf(sessions.values())) {
            if (event.concerns(session)) {
                session.dispatch(event.type(), event.data().apply(session));
            }
        }
    }

    void opened(GatewayConnection connection) {
        connection.send(frame(10, Json.object().put("heartbeat_interval", heartbeat.toMillis())));
    }

    void timedOut(GatewayConnection connection) {
        world.change(() -> close(connection, 4009, "Session timed out."));
    }

    void gone(GatewayConnection connection, int code) {
        world.change(() -> {
            GatewaySession session = connection.session;
            if (session != null && session.connection() == connection) {
                session.attach(null);
                // A client that says goodbye with one of these does not come back to the session.
                if (code == 1000 || code == 1001) {
                    sessions.remove(session.id);
                }
            }
        });
    }

    void received(GatewayConnection connection, byte[] payload) {
        JsonNode message;
        try {
            message = Json.parse(payload);
        } catch (IOException notJson) {
            world.change(() -> close(connection, 4002, "Error while decoding payload."));
            return;
        }
        world.change(() -> {
            if (!connection.isClosing()) {
                handle(connection, message.path("op").asInt(-1), message.path("d"));
            }
        });
    }

    private void handle(GatewayConnection connection, int op, JsonNode data) {
        switch (op) {
            case 1 -> {
                heartbeats++;
                connection.send(frame(11, null));
            }
            case 2 -> identify(connection, data);
            case 6 -> resume(connection, data);
            case 3, 4, 8, 31 -> {
                GatewaySession session = connection.session;
                if (session == null) {
                    close(connection, 4003, "Not authenticated.");
                } else if (op == 8) {
                    chunks.send(session, data);
                }
            }
            default -> close(connection, 4001, "Unknown opcode.");
        }
    }

    private void identify(GatewayConnection connection, JsonNode data) {
        Bot bot = world.bots.get(data.path("token").asText().replaceFirst("^Bot ", ""));
        long intents = data.path("intents").asLong(-1);
        var shard = new GatewaySession.Shard(
                data.path("shard").path(0).asInt(0), data.path("shard").path(1).asInt(1));
        if (connection.session != null) {
            close(connection, 4005, "Already authenticated.");
        } else if (bot == null) {
            close(connection, 4004, "Authentication failed.");
        } else if (intents < 0 || (intents & ~Intents.KNOWN) != 0) {
            close(connection, 4013, "Invalid intent(s).");
        } else if ((intents & Intents.PRIVILEGED & ~bot.intentsAllowed()) != 0) {
            close(connection, 4014, "Disallowed intent(s).");
        } else if (shard.count() < 1 || shard.index() < 0 || shard.index() >= shard.count()) {
            close(connection, 4010, "Invalid shard.");
        } else {
            int count = identifies.merge(bot.id(), 1, Integer::sum);
            switch (scriptOf(bot).refusal()) {
                case GatewayScript.Refusal.Close(int code, String reason) -> close(connection, code, reason);
                case GatewayScript.Refusal.Invalid() ->
                    connection.send(frame(9, Json.object().booleanNode(false)));
                case null ->
                    begin(connection, bot, intents, data.path("large_threshold").asInt(50), shard, count);
            }
        }
    }

    private void begin(
            GatewayConnection connection, Bot bot, long intents, int large, GatewaySession.Shard shard, int count) {
        String id = "session-" + bot.id() + "-" + count;
        var session = new GatewaySession(id, bot, intents, large, shard, scriptOf(bot));
        if (sessions.size() >= SESSIONS_MAX) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        forgetLeft(bot);
        sessions.put(id, session);
        session.attach(connection);
        connection.session = session;
        List<Guild> guilds = world.guilds.values().stream()
                .filter(guild -> guild.members.containsKey(bot.id()) && session.serves(guild))
                .toList();
        ObjectNode ready = Json.object()
                .put("v", 10)
                .put("session_id", id)
                .put("resume_gateway_url", world.gatewayUrl())
                .put("session_type", "normal");
        ready.set("user", Shapes.self(bot));
        ready.putObject("application").put("id", bot.id()).put("flags", Shapes.applicationFlags(bot));
        ready.putArray("private_channels");
        ready.putArray("shard").add(shard.index()).add(shard.count());
        ArrayNode unavailable = ready.putArray("guilds");
        guilds.forEach(guild -> unavailable.addObject().put("id", guild.id()).put("unavailable", true));
        session.dispatch("READY", ready);
        if ((intents & Intents.GUILDS) != 0) {
            guilds.forEach(guild -> session.dispatch("GUILD_CREATE", world.guildFor(guild, session)));
        }
    }

    private void forgetLeft(Bot bot) {
        List<GatewaySession> left = sessions.values().stream()
                .filter(each -> each.bot.equals(bot) && each.connection() == null)
                .toList();
        left.stream().limit(Math.max(0, left.size() - LEFT_MAX)).forEach(oldest -> sessions.remove(oldest.id));
    }

    private void resume(GatewayConnection connection, JsonNode data) {
        Bot bot = world.bots.get(data.path("token").asText().replaceFirst("^Bot ", ""));
        GatewaySession session = sessions.get(data.path("session_id").asText());
        long seen = data.path("seq").asLong(0);
        if (connection.session != null) {
            close(connection, 4005, "Already authenticated.");
        } else if (bot == null) {
            close(connection, 4004, "Authentication failed.");
        } else if (session == null || !session.bot.equals(bot) || !session.canReplay(seen)) {
            connection.send(frame(9, Json.object().booleanNode(false)));
        } else if (seen > session.sequence()) {
            close(connection, 4007, "Invalid seq.");
        } else {
            resumes.merge(bot.id(), 1, Integer::sum);
            GatewayConnection before = session.connection();
            if (before != null) {
                before.drop();
            }
            session.replay(seen, connection);
            session.attach(connection);
            connection.session = session;
            session.dispatch("RESUMED", Json.object());
        }
    }

    void close(GatewayConnection connection, int code, String reason) {
        GatewaySession session = connection.session;
        boolean isFinal = code == 4004 || code == 4007 || code == 4009 || (code >= 4010 && code <= 4014);
        if (session != null && isFinal) {
            sessions.remove(session.id);
        }
        connection.close(code, reason);
    }

    static byte[] frame(int op, @Nullable JsonNode data) {
        ObjectNode payload = Json.object().put("op", op).putNull("s").putNull("t");
        payload.set("d", data);
        return WebSocketFrame.text(Json.bytes(payload));
    }
}
