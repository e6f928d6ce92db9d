package dev.patchbay.hub.recall;

/** What the index knows of a line. Its text is not kept: it stands in the store. */
final class Fields {
    static final String TEXT = "text";
    static final String SESSION = "session";
    static final String AGENT = "agent";
    static final String TRANSCRIPT = "transcript";
    static final String SEQ = "seq";

    private Fields() {}
}
