package dev.patchbay.hub.store;

/**
 * The state of an H2 file that is known to be on disk.
 *
 * @param created when the file was made, in H2's words; tells files apart
 * @param version the version of its latest chunk
 */
record Confirmed(long created, long version) {
    /** Of no file: whoever starts from it keeps everything until it knows better. */
    static final Confirmed UNKNOWN = new Confirmed(0, 0);
}
