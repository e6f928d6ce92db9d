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

    /**
     * Nothing is wrong but perhaps the bindings that were set through the API, which have to be set again: they are neither set aside
     * nor a reason to have no backup.
     */
    public boolean isWhole() {
        return wrong == findings.stream().filter(Finding::isOfBindings).count();
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
     * @param table where it is
     * @param key of the record; 0 if it is not one record
     * @param name of the record, or the range of keys
     * @param what what is wrong
     * @param cure what to do about it
     */
    public record Finding(String table, long key, String name, String what, String cure) {

        /** The table, and what is meant in it. */
        public String place() {
            return name.isEmpty() ? table : table + " " + name;
        }

        private boolean isOfBindings() {
            return key != 0 && table.equals(Body.Kind.BINDINGS.table);
        }
    }
}
