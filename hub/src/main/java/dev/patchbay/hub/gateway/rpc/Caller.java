package dev.patchbay.hub.gateway.rpc;

import dev.patchbay.hub.tenant.Visibility;
import java.util.Set;

/**
 * Who asks.
 *
 * @param name the token's name, empty without a token
 * @param scopes what the token grants
 * @param sees what exists for the token
 */
public record Caller(String name, Set<Access> scopes, Visibility sees) {

    /** Somebody without a valid token. */
    public static final Caller ANONYMOUS = new Caller("", Set.of(), Visibility.NOTHING);

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    public boolean isAnonymous() {
        return name.isEmpty();
    }

    /** Whether the token suffices; {@code admin} holds every scope, {@code operate} holds {@code read}. */
    public boolean may(Access access) {
        return switch (access) {
            case OPEN -> true;
            case TOKEN -> !isAnonymous();
            case READ -> scopes.contains(Access.READ) || may(Access.OPERATE);
            case CHAT, OPERATE, ADMIN -> scopes.contains(access) || scopes.contains(Access.ADMIN);
        };
    }
}
