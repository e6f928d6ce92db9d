package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far deliveries have come that take several calls, so that a repeat goes on where the first attempt ended, also after a
 * restart. Bounded: the oldest is forgotten first, and is then sent again from its beginning. Safe for many threads.
 */
final class Progress {
    private static final Logger log = LoggerFactory.getLogger(Progress.class);
    private static final String NOTE = "progress";
    private static final int NOTE_MAX = 8_000;

    private final ChannelHost host;
    private final ObjectMapper json = new ObjectMapper();
    private final ReentrantLock lock = new ReentrantLock();
    /** In the order in which they were last worked on. */
    private @Nullable Map<String, Done> all;

    /**
     * What has been done of one delivery.
     *
     * @param calls how many calls
     * @param first the remote id of the first message
     */
    record Done(int calls, String first) {
        static final Done NOTHING = new Done(0, "");
    }

    Progress(ChannelHost host) {
        this.host = host;
    }

    Done of(String key) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return all().getOrDefault(key, Done.NOTHING);
        } finally {
            lock.unlock();
        }
    }

    void keep(String key, Done done) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            all().remove(key);
            all().put(key, done);
            store();
        } finally {
            lock.unlock();
        }
    }

    void forget(String key) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (all().remove(key) != null) {
                store();
            }
        } finally {
            lock.unlock();
        }
    }

    private Map<String, Done> all() throws InterruptedException {
        Map<String, Done> known = all;
        if (known == null) {
            known = new LinkedHashMap<>();
            String kept = host.note(NOTE).orElse("");
            if (!kept.isEmpty()) {
                try {
                    known.putAll(json.readValue(
                            kept,
                            json.getTypeFactory().constructMapType(LinkedHashMap.class, String.class, Done.class)));
                } catch (JsonProcessingException notOurs) {
                    log.warn("The note of deliveries under way cannot be read");
                }
            }
            all = known;
        }
        return known;
    }

    private void store() throws InterruptedException {
        Map<String, Done> known = all();
        try {
            String text = json.writeValueAsString(known);
            while (text.length() > NOTE_MAX) {
                known.remove(known.keySet().iterator().next());
                text = json.writeValueAsString(known);
            }
            host.keep(new Note(NOTE, known.isEmpty() ? "" : text));
        } catch (JsonProcessingException neverOfOurs) {
            throw new IllegalStateException(neverOfOurs);
        } catch (NotAccepted refused) {
            // It is still known until the next restart.
            log.warn("How far a delivery has come was not kept: {}", refused.getMessage());
        }
    }
}
