package dev.patchbay.hub.gateway.rpc;

import java.util.Locale;
import java.util.Optional;

/** What a method asks of its caller; all but the first two are scopes that a token may grant. */
public enum Access {
    /** Nothing: answered without a token. */
    OPEN,
    /** A token, whatever it grants. */
    TOKEN,
    CHAT,
    READ,
    OPERATE,
    /** Everything. */
    ADMIN;

    /** The scope behind a word of the configuration, empty if there is none. */
    public static Optional<Access> scope(String word) {
        return switch (word) {
            case "chat" -> Optional.of(CHAT);
            case "read" -> Optional.of(READ);
            case "operate" -> Optional.of(OPERATE);
            case "admin" -> Optional.of(ADMIN);
            default -> Optional.empty();
        };
    }

    /** The word of the configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
