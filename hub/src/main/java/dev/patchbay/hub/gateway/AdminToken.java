package dev.patchbay.hub.gateway;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.store.SecretFile;
import dev.patchbay.hub.tenant.Tenants;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Set;

/** The token that the hub makes for itself when the configuration names none. */
public final class AdminToken {
    /** Beside the data; holds the token and one line break. */
    public static final String FILE = "admin-token";

    private AdminToken() {}

    /**
     * The token of an earlier start, or a new one. Called while the data folder is locked.
     *
     * @throws IOException if the file cannot be read or written, or is no token; the message names file and cure
     */
    public static Token loadOrCreate(Path dataDir, SecureRandom random, FailPoints failPoints) throws IOException {
        return new Token(
                "admin",
                SecretFile.loadOrCreate(dataDir.resolve(FILE), random, failPoints),
                Set.of(Access.ADMIN),
                Tenants.ALL);
    }
}
