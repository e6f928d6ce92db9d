package dev.patchbay.hub.memory;

/** Whether there is memory for more. Safe for many threads, never blocks. */
@FunctionalInterface
public interface HeapState {
    /** There always is; for where nobody guards. */
    HeapState ROOMY = () -> false;

    /** True while nothing new may be taken on. */
    boolean isTight();
}
