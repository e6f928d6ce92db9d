package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What reading a whole store has shown.
 *
 * @param schema the version of its tables
 * @param rows how many each table has
 * @param findings what is wrong; the first 1,000
 * @param wrong how many findings there were in all
 * @param setAside records that were set aside since the store was made
 * @param newest the time of the latest record
 */
public record StoreReport(
        StoreIdentity identity,
        int schema,
        Map<String, Long> rows,
        List<Finding> findings,
        long wrong,
        long setAside,
        Optional<Instant> newest) {
    static final int FINDINGS_MAX = 1_000;

    public StoreReport {
        rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
        findings = List.copyOf(findings);
    }

    /** Nothing is wrong. */
    public boolean isGood() {
        return wrong == 0;
    }

    /** All records together. */
    public long records() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Something that is wrong.
     *
     * @param place the table, and the record in it if it is one
     * @param what what is wrong
     * @param cure what to do about it
     */
    public record Finding(String place, String what, String cure) {}
}
