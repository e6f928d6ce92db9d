package dev.patchbay.api;

import java.util.Locale;
import java.util.Objects;

/**
 * Whom a channel talks with: a person, a group or a channel on the platform.
 *
 * @param kind direct, group or channel
 * @param id the platform's own id, case kept, blanks around it already cut; never blank
 */
public record Peer(Kind kind, String id) {

    /** What stands behind the id. */
    public enum Kind {
        DIRECT,
        GROUP,
        CHANNEL;

        /** The word used in configuration, session keys and on the wire: {@code direct}, {@code group}, {@code channel}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Reads the word again; {@code dm} means direct.
         *
         * @throws IllegalArgumentException if it is none of them
         */
        public static Kind of(String word) {
            return switch (word.strip()) {
                case "direct", "dm" -> DIRECT;
                case "group" -> GROUP;
                case "channel" -> CHANNEL;
                default ->
                    throw new IllegalArgumentException(
                            "peer kind \"" + word + "\" is unknown; write direct, group or channel");
            };
        }
    }

    public Peer {
        Objects.requireNonNull(kind, "kind");
        if (id.isBlank()) {
            throw new IllegalArgumentException("a peer needs an id");
        }
    }

    /** A person. */
    public static Peer direct(String id) {
        return new Peer(Kind.DIRECT, id);
    }
}
