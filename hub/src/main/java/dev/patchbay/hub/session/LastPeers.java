package dev.patchbay.hub.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredNote;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who wrote last to each agent, through any channel. In memory at once; on disk a moment later, at most one write per second and
 * agent, so that a message costs nothing for it: a kill can take back the last second of it. Safe for many threads.
 */
public final class LastPeers {
    private static final Logger log = LoggerFactory.getLogger(LastPeers.class);
    private static final String NOTES = "last-peer";
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final World world;
    private final Map<String, Address> latest = new ConcurrentHashMap<>();

    /** Agents whose latest peer is about to be written, or was written less than a pause ago, and what was. */
    private final Map<String, Optional<Address>> resting = new HashMap<>();

    LastPeers(Store store, World world) {
        this.store = store;
        this.world = world;
    }

    /** Reads what was known before. Called once. */
    void start() throws InterruptedException {
        for (StoredNote each : store.notes(NOTES)) {
            read(each.value()).ifPresent(address -> latest.putIfAbsent(each.name(), address));
        }
    }

    /** The peer who wrote last to this agent; empty if nobody ever did. */
    public Optional<Address> of(String agentId) {
        return Optional.ofNullable(latest.get(agentId));
    }

    void seen(String agentId, Address from) {
        if (from.equals(latest.put(agentId, from))) {
            return;
        }
        synchronized (resting) {
            if (resting.putIfAbsent(agentId, Optional.empty()) != null) {
                return;
            }
        }
        write(agentId);
    }

    private void write(String agentId) {
        world.threads().execute(() -> {
            Optional<Address> written = of(agentId).filter(now -> keep(agentId, now));
            synchronized (resting) {
                resting.put(agentId, written);
            }
            Instant then = world.clock().instant().plus(PAUSE);
            world.alarm().at(then, () -> rested(agentId));
        });
    }

    private void rested(String agentId) {
        synchronized (resting) {
            Optional<Address> written = resting.getOrDefault(agentId, Optional.empty());
            if (written.equals(of(agentId))) {
                resting.remove(agentId);
                return;
            }
        }
        write(agentId);
    }

    private boolean keep(String agentId, Address address) {
        try {
            store.keep(new StoredNote(NOTES, agentId, write(address)));
            return true;
        } catch (StoreException later) {
            log.debug("The last peer of agent {} is not stored yet: {}", agentId, later.getMessage());
            return later.kind() == StoreException.Kind.CONFLICT;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static String write(Address address) {
        var json = JSON.createObjectNode()
                .put("channel", address.channel())
                .put("account", address.accountId())
                .put("kind", address.peer().kind().word())
                .put("peer", address.peer().id());
        if (address.threadId() != null) {
            json.put("thread", address.threadId());
        }
        return json.toString();
    }

    private static Optional<Address> read(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            return Optional.of(new Address(
                    json.path("channel").asText(),
                    json.path("account").asText(),
                    new Peer(
                            Peer.Kind.of(json.path("kind").asText()),
                            json.path("peer").asText()),
                    json.has("thread") ? json.path("thread").asText() : null));
        } catch (JsonProcessingException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
