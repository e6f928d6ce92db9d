package dev.patchbay.hub.gateway;

import dev.patchbay.hub.gateway.GatewaySettings.TlsFiles;
import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import java.io.IOException;

/** TLS for the hub's port. Both the key and the chain are handed over: with one of them the server starts and every handshake fails. */
final class Encryption {
    private Encryption() {}

    /**
     * Reads the files.
     *
     * @throws IOException if they are no PEM files that belong together; the message names them
     */
    static Tls of(TlsFiles files) throws IOException {
        try {
            Keys keys = Keys.builder()
                    .pem(pem -> pem.key(Resource.create(files.key())).certChain(Resource.create(files.cert())))
                    .build();
            return Tls.builder()
                    .privateKey(keys.privateKey()
                            .orElseThrow(() -> new IllegalArgumentException("there is no private key in it")))
                    .privateKeyCertChain(keys.certChain())
                    .build();
        } catch (RuntimeException unusable) {
            throw new IOException(
                    "server.tls: " + files.cert() + " and " + files.key() + " cannot be used: " + unusable.getMessage(),
                    unusable);
        }
    }
}
