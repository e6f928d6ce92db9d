package dev.patchbay.hub.usage;

import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.store.Increase;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredNote;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Where what was used is written down. Safe for many threads. */
interface Book {
    /** Nothing is written down. */
    Book NONE = new Book() {
        @Override
        public List<StoredNote> read(String scope) {
            return List.of();
        }

        @Override
        public void add(List<Increase> counts) {}

        @Override
        public void tell(Notice notice) {}
    };

    List<StoredNote> read(String scope) throws InterruptedException;

    /** @throws StoreException if it could not be written */
    void add(List<Increase> counts) throws InterruptedException;

    /**
     * Tells of it as an event, and writes down that it was told: both or neither.
     *
     * @throws StoreException if it could not be written
     */
    void tell(Notice notice) throws InterruptedException;

    static Book of(Store store, Events events, Clock clock) {
        return new Book() {
            @Override
            public List<StoredNote> read(String scope) throws InterruptedException {
                return store.notes(scope);
            }

            @Override
            public void add(List<Increase> counts) throws InterruptedException {
                store.increase(counts);
            }

            @Override
            public void tell(Notice notice) throws InterruptedException {
                long seq = store.appendEvent(
                        notice.eventType(), notice.fields(), clock.instant(), Optional.of(notice.note()));
                switch (notice.kind()) {
                    case WARNING -> events.publishDurable("budget.warning", null, null, notice.fields(), seq);
                    case SPENT -> events.publishDurable("budget.spent", null, null, notice.fields(), seq);
                }
            }
        };
    }
}
