package dev.patchbay.hub.ops;

import java.util.function.Supplier;

/**
 * Something that can run out.
 *
 * @param name in wire names; the same for as long as the hub runs
 * @param warnFrom it is scarce from this level on, and not any more below nine tenths of it
 * @param grave something is refused or lost while it is scarce, so that a person should act
 * @param reading asked once a second; must not block for long
 */
public record Scarce(String name, double warnFrom, boolean grave, Supplier<Level> reading) {

    /**
     * How much of it is used up.
     *
     * @param used 1 is all of it
     * @param words how it stands, for people; no secrets
     */
    public record Level(double used, String words) {
        /** Nothing to say. */
        public static final Level NONE = new Level(0, "");
    }
}
