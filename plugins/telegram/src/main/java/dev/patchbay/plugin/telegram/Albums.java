package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.NotAccepted.Reason;
import dev.patchbay.api.Note;
import dev.patchbay.plugin.telegram.Incoming.Said;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Albums that come in by webhook. Telegram sends the next message of a chat only after the one before was acknowledged, so the parts
 * are remembered in a note, acknowledged, and made one message a moment later: in the transaction that forgets them. Safe for many
 * threads.
 */
final class Albums {
    private static final Logger log = LoggerFactory.getLogger(Albums.class);
    private static final String NOTE = "albums";
    private static final int NOTE_MAX = 8_000;
    private static final int RECENT_MAX = 50;
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration RETRY_MIN = Duration.ofMillis(100);
    private static final Duration STUMBLED = Duration.ofSeconds(1);

    /** So often an album is tried that makes us stumble. */
    private static final int STUMBLES_MAX = 3;

    private final ObjectMapper json = new ObjectMapper();
    private final ChannelHost host;
    private final Intake intake;
    private final Pause pause;
    private final String accountId;
    private final ReentrantLock lock = new ReentrantLock();
    private State state = new State(List.of(), List.of());

    /**
     * What the note holds.
     *
     * @param open parts of albums that are not yet complete, in the order in which they came
     * @param recent ids of parts that became messages: their acknowledgement may have been lost, and they come again
     */
    record State(List<AlbumPart> open, List<String> recent) {

        State with(AlbumPart part) {
            var more = new ArrayList<>(open);
            more.add(part);
            return new State(more, recent);
        }

        State without(List<AlbumPart> parts) {
            var rest = new ArrayList<>(open);
            rest.removeAll(parts);
            var ids = new ArrayList<>(recent);
            parts.forEach(part -> ids.add(part.id()));
            return new State(rest, List.copyOf(ids.subList(Math.max(0, ids.size() - RECENT_MAX), ids.size())));
        }

        boolean knows(String id) {
            return recent.contains(id)
                    || open.stream().anyMatch(part -> part.id().equals(id));
        }

        List<AlbumPart> of(String album) {
            return open.stream().filter(part -> part.album().equals(album)).toList();
        }
    }

    Albums(String accountId, ChannelHost host, Intake intake, Pause pause) {
        this.accountId = accountId;
        this.host = host;
        this.intake = intake;
        this.pause = pause;
    }

    /** Goes on with what was open when the hub stopped. */
    void resume() throws InterruptedException {
        String kept = host.note(NOTE).orElse("");
        if (!kept.isEmpty()) {
            try {
                state = json.readValue(kept, State.class);
            } catch (JsonProcessingException notOurs) {
                log.error("channel=telegram account={}: the note of open albums cannot be read", accountId);
            }
        }
        state.open().stream().map(AlbumPart::album).distinct().forEach(this::closeLater);
    }

    /** Remembers one part; it is on disk when this returns. */
    void add(Said said) throws NotAccepted, InterruptedException {
        AlbumPart part = AlbumPart.of(said);
        lock.lockInterruptibly();
        try {
            if (state.knows(part.id())) {
                return;
            }
            State next = state.with(part);
            String text = text(next);
            if (text.length() <= NOTE_MAX) {
                host.keep(new Note(NOTE, text));
                boolean isNew = state.of(part.album()).isEmpty();
                state = next;
                if (isNew) {
                    closeLater(part.album());
                }
                return;
            }
        } finally {
            lock.unlock();
        }
        // Too many at once to be remembered: then it is a message of its own.
        intake.take(said, null);
    }

    private void closeLater(String album) {
        Thread.ofVirtual().name("telegram-" + accountId + "-album").start(() -> {
            try {
                int seen = 0;
                int now = count(album);
                while (now > seen) {
                    if (!pause.of(QUIET)) {
                        return;
                    }
                    seen = now;
                    now = count(album);
                }
                close(album);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void close(String album) throws InterruptedException {
        Duration wait;
        int stumbles = 0;
        do {
            try {
                if (stumbles < STUMBLES_MAX) {
                    make(album);
                } else {
                    leaveOut(album);
                }
                return;
            } catch (NotAccepted refused) {
                wait = refused.retryAfter().compareTo(RETRY_MIN) < 0 ? RETRY_MIN : refused.retryAfter();
            } catch (RuntimeException | Error fault) {
                // It would end here for good, and take the parts to come with it.
                log.error("channel=telegram account={}: an album failed", accountId, fault);
                stumbles++;
                wait = STUMBLED;
            }
        } while (pause.of(wait));
    }

    private void make(String album) throws NotAccepted, InterruptedException {
        List<AlbumPart> parts = parts(album);
        Said whole = Intake.joined(parts.stream().map(AlbumPart::said).toList());
        // Outside of the lock: it may take a minute, and other albums come in meanwhile.
        InboundMessage message = intake.withFiles(whole);
        lock.lockInterruptibly();
        try {
            State next = state.without(parts);
            try {
                intake.store(whole, message, new Note(NOTE, text(next)));
            } catch (NotAccepted refused) {
                if (refused.reason() != Reason.INVALID && refused.reason() != Reason.TOO_LARGE) {
                    throw refused;
                }
                log.warn("An album was left out: {}", refused.getMessage());
                host.keep(new Note(NOTE, text(next)));
            }
            state = next;
            if (!state.of(album).isEmpty()) {
                closeLater(album);
            }
        } finally {
            lock.unlock();
        }
    }

    private void leaveOut(String album) throws NotAccepted, InterruptedException {
        lock.lockInterruptibly();
        try {
            State next = state.without(state.of(album));
            host.keep(new Note(NOTE, text(next)));
            state = next;
        } finally {
            lock.unlock();
        }
        log.error("channel=telegram account={}: an album was left out", accountId);
    }

    private List<AlbumPart> parts(String album) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return Objects.requireNonNull(state).of(album);
        } finally {
            lock.unlock();
        }
    }

    private int count(String album) throws InterruptedException {
        return parts(album).size();
    }

    private String text(State of) {
        try {
            return json.writeValueAsString(of);
        } catch (JsonProcessingException neverOfOurs) {
            throw new IllegalStateException(neverOfOurs);
        }
    }
}
