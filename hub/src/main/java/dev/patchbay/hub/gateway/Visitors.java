package dev.patchbay.hub.gateway;

import dev.patchbay.hub.gateway.rpc.Admission;
import dev.patchbay.hub.gateway.rpc.Caller;
import dev.patchbay.hub.gateway.rpc.RpcException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/** Who stands at the door, and whether to let them in. Safe for many threads. */
final class Visitors {
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0");

    private final Tokens tokens;
    private final Admission admission;
    private final GatewaySettings settings;
    private final IntSupplier port;

    Visitors(Tokens tokens, Admission admission, GatewaySettings settings, IntSupplier port) {
        this.tokens = tokens;
        this.admission = admission;
        this.settings = settings;
        this.port = port;
    }

    Caller callerOf(Optional<String> authorization) {
        return tokens.ofHeader(authorization);
    }

    Caller callerOfSecret(String secret) {
        return tokens.ofSecret(secret);
    }

    boolean isDraining() {
        return admission.isDraining();
    }

    Admission admission() {
        return admission;
    }

    /** Counts one request against the client's rate. */
    void checkRate(String limitKey, boolean loopback) throws RpcException {
        admission.checkRate(limitKey, loopback, 1);
    }

    /**
     * Whether a web page from there may talk to us: our own, or one that the configuration names. Programs send no origin. The
     * request's {@code Host} is not asked, because a page that has pointed its own name at us chooses it.
     */
    boolean isWelcome(Optional<String> origin, String localHost) {
        if (origin.isEmpty() || settings.allowedOrigins().contains(origin.get())) {
            return true;
        }
        String page = origin.get().toLowerCase(Locale.ROOT);
        String host = settings.host().toLowerCase(Locale.ROOT);
        return isOurs(page, host)
                || isOurs(page, localHost)
                || ((isLoopback(host) || EVERYWHERE.contains(host))
                        && (isOurs(page, "localhost") || isOurs(page, "127.0.0.1") || isOurs(page, "::1")));
    }

    private boolean isOurs(String page, String host) {
        String literal = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        boolean encrypted = settings.tls().isPresent();
        String ours = (encrypted ? "https://" : "http://") + literal;
        int at = port.getAsInt();
        return page.equals(ours + ":" + at) || (at == (encrypted ? 443 : 80) && page.equals(ours));
    }

    /** Under which name a client's requests are counted. */
    static String limitKey(Caller caller, String remoteHost) {
        return caller.isAnonymous() ? "address " + remoteHost : "token " + caller.name();
    }

    static boolean isLoopback(String host) {
        return host.startsWith("127.")
                || host.equals("localhost")
                || host.equals("::1")
                || host.equals("[::1]")
                || host.equals("0:0:0:0:0:0:0:1");
    }
}
