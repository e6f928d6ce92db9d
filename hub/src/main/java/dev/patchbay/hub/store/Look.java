package dev.patchbay.hub.store;

import java.util.ArrayList;
import java.util.List;

/** What a query works on: a connection, and a note of the damaged records it met. Used by one thread for one query. */
record Look(Sql sql, List<Damage> damages) {

    /** A record whose checksum does not fit. */
    record Damage(Body.Kind kind, long place) {}

    static Look with(Sql sql) {
        return new Look(sql, new ArrayList<>());
    }

    void damaged(Body.Kind kind, long place) {
        damages.add(new Damage(kind, place));
    }
}
