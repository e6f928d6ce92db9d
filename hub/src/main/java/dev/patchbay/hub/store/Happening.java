package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.Map;

/** Something that clients may have missed: a transcript line or an event. */
public sealed interface Happening {
    long seq();

    record Line(StoredLine line) implements Happening {
        @Override
        public long seq() {
            return line.seq();
        }
    }

    record Event(long seq, String type, Map<String, String> fields, Instant at) implements Happening {}
}
