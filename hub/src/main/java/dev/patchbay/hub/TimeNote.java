package dev.patchbay.hub;

import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredNote;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers over a restart how far the hub's time had come, because the wall clock may have been set meanwhile. */
final class TimeNote {
    private static final Logger log = LoggerFactory.getLogger(TimeNote.class);
    private static final String SCOPE = "hub";
    private static final String NAME = "time";

    /** A clock that differs by less needs no word. */
    private static final Duration WORTH_TELLING = Duration.ofMinutes(2);

    private static final Duration LONG_AWAY = Duration.ofDays(7);

    private final Store store;
    private final Clock clock;

    TimeNote(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** How far it had come, at most a minute less; the epoch if nobody knows. Says it if the clock is behind that. */
    Instant latest() throws InterruptedException {
        Optional<Instant> found;
        try {
            found = store.note(SCOPE, NAME).flatMap(TimeNote::parse);
        } catch (StoreException unreadable) {
            log.warn("How far time had come is not known: {}", unreadable.getMessage());
            found = Optional.empty();
        }
        Instant now = clock.instant();
        found.ifPresent(latest -> {
            Duration ahead = Duration.between(latest, now);
            if (ahead.compareTo(WORTH_TELLING.negated()) < 0) {
                log.warn(
                        "The clock is {} behind where it was when the hub ran last; pauses and times to live of what"
                                + " waits are reckoned from now. Check the clock",
                        ahead.negated());
            } else if (ahead.compareTo(LONG_AWAY) > 0) {
                log.warn(
                        "The hub did not run for {} days, says the clock; what was to be delivered within a shorter"
                                + " time expires",
                        ahead.toDays());
            }
        });
        return found.orElse(Instant.EPOCH);
    }

    /** Writes it down. */
    void keep() throws InterruptedException {
        store.keep(new StoredNote(SCOPE, NAME, clock.instant().toString()));
    }

    private static Optional<Instant> parse(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException other) {
            return Optional.empty();
        }
    }
}
