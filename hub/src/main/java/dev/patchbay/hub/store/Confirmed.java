package dev.patchbay.hub.store;

import java.util.Comparator;

/**
 * The state of an H2 file that is known to be on disk.
 *
 * @param created when the file was made, in H2's words; tells files apart
 * @param version the version of its latest chunk
 */
record Confirmed(long created, long version) implements Comparable<Confirmed> {
    /** Of no file: whoever starts from it keeps everything until it knows better. */
    static final Confirmed UNKNOWN = new Confirmed(0, 0);

    private static final Comparator<Confirmed> LATER =
            Comparator.comparingLong(Confirmed::created).thenComparingLong(Confirmed::version);

    @Override
    public int compareTo(Confirmed other) {
        return LATER.compare(this, other);
    }
}
