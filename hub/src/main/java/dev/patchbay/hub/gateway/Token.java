package dev.patchbay.hub.gateway;

import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.tenant.Tenants;
import java.util.Set;

/**
 * One token of the configuration.
 *
 * @param name shown in logs; unique
 * @param secret what the client sends; at least 1 character
 * @param tenant whose things it opens; {@link Tenants#ALL}: everybody's, and the hub
 */
public record Token(String name, String secret, Set<Access> scopes, String tenant) {
    public Token {
        if (name.isBlank() || secret.isBlank()) {
            throw new IllegalArgumentException("a token needs a name and a secret");
        }
        scopes = Set.copyOf(scopes);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Token[" + name + ", " + scopes + ", " + tenant + "]";
    }
}
