package dev.patchbay.hub.store;

/** Sees what a reading of a whole store comes by. For one thread. */
public interface BodyVisitor {
    /** Looks away. */
    BodyVisitor NONE = new BodyVisitor() {};

    /** The body of a whole record. */
    default void body(byte[] body) {}

    /** So many more records have been read. */
    default void records(int count) {}
}
