package dev.patchbay.hub.session;

import dev.patchbay.api.Peer;
import dev.patchbay.hub.routing.Blanks;

/** Whom the answer of a turn that the hub began by itself is meant for, as people write it. */
public sealed interface Target {
    /** Nobody: the answer stays in the transcript. */
    Target NOBODY = new Nobody();

    /** The peer who wrote last to the agent. */
    Target LAST_PEER = new LastPeer();

    /** The peer of the session that has asked. */
    Target ASKER = new Asker();

    /** {@code none}. */
    record Nobody() implements Target {
        @Override
        public String toString() {
            return "none";
        }
    }

    /** {@code last}. */
    record LastPeer() implements Target {
        @Override
        public String toString() {
            return "last";
        }
    }

    /** {@code session}. */
    record Asker() implements Target {
        @Override
        public String toString() {
            return "session";
        }
    }

    /** {@code CHANNEL:ACCOUNT:KIND:PEER}. */
    record Named(Address address) implements Target {
        @Override
        public String toString() {
            return String.join(
                    ":",
                    address.channel(),
                    address.accountId(),
                    address.peer().kind().word(),
                    address.peer().id());
        }
    }

    /**
     * Reads a target. The peer's id is everything behind the third colon, so it may hold colons itself.
     *
     * @throws IllegalArgumentException if it is none; the message is fit for whoever wrote it
     */
    static Target parse(String text) {
        return switch (text.strip()) {
            case "none" -> NOBODY;
            case "last" -> LAST_PEER;
            case "session" -> ASKER;
            default -> named(text.strip());
        };
    }

    private static Target named(String text) {
        String[] parts = text.split(":", 4);
        if (parts.length < 4) {
            throw wrong(text, "write CHANNEL:ACCOUNT:KIND:PEER, last, session or none");
        }
        String channel = Blanks.fold(parts[0]);
        String account = Blanks.fold(parts[1]);
        String peer = Blanks.cut(parts[3]);
        if (channel.isEmpty() || account.isEmpty() || peer.isEmpty()) {
            throw wrong(text, "channel, account and peer must not be empty");
        }
        Peer.Kind kind;
        try {
            kind = Peer.Kind.of(parts[2]);
        } catch (IllegalArgumentException unknown) {
            throw wrong(text, String.valueOf(unknown.getMessage()));
        }
        return new Named(new Address(channel, account, new Peer(kind, peer), null));
    }

    private static IllegalArgumentException wrong(String text, String why) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return new IllegalArgumentException("\"" + shown + "\" is no target: " + why);
    }
}
