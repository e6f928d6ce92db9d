package dev.patchbay.hub.command.wire;

import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.HubConfig.Scope;
import dev.patchbay.hub.config.HubConfig.Server;
import dev.patchbay.hub.config.HubConfig.Tls;
import dev.patchbay.hub.config.HubConfig.Token;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the running hub is and what opens it: {@code PATCHBAY_URL} and {@code PATCHBAY_TOKEN}, else what the configuration says.
 *
 * @param base ends with a slash
 * @param token empty: none was found
 * @param tokenPlace where the token comes from, or would have come from
 * @param certificate the hub's own, if it serves TLS with one that the configuration names
 */
public record HubAddress(URI base, Optional<String> token, String tokenPlace, Optional<Path> certificate) {
    /** Made by the hub at its first start, in the data directory. */
    static final String TOKEN_FILE = "admin-token";

    private static final int TOKEN_BYTES_MAX = 4096;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * Finds the hub.
     *
     * @param config asked only if the environment does not say everything
     * @throws Failure if there is no telling where the hub is
     */
    public static HubAddress find(Map<String, String> environment, Supplier<HubConfig> config) {
        String url = environment.getOrDefault("PATCHBAY_URL", "").strip();
        String token = environment.getOrDefault("PATCHBAY_TOKEN", "").strip();
        if (!url.isEmpty() && !token.isEmpty()) {
            return new HubAddress(named(url), Optional.of(token), "PATCHBAY_TOKEN", Optional.empty());
        }
        HubConfig known = config.get();
        HubAddress configured = configured(known, url.isEmpty() ? null : named(url));
        return token.isEmpty()
                ? configured
                : new HubAddress(configured.base, Optional.of(token), "PATCHBAY_TOKEN", configured.certificate);
    }

    public URI rpc() {
        return base.resolve("rpc");
    }

    public URI socket() {
        return URI.create(base.toString().replaceFirst("^http", "ws") + "ws");
    }

    @Override
    public String toString() {
        return base.toString();
    }

    private static HubAddress configured(HubConfig config, @Nullable URI named) {
        Server server = config.server();
        URI base = named == null ? own(server) : named;
        boolean isOwn = named == null
                || LOOPBACK.contains(named.getHost())
                || named.getHost().equals(server.host());
        if (!isOwn) {
            // The local token belongs to the local hub: it is not shown to another host.
            return new HubAddress(base, Optional.empty(), "PATCHBAY_TOKEN", Optional.empty());
        }
        Optional<Path> certificate = server.tls().map(Tls::cert);
        if (!server.tokens().isEmpty()) {
            Token widest = server.tokens().stream()
                    .max(Comparator.comparingInt(HubAddress::width))
                    .orElseThrow();
            return new HubAddress(
                    base,
                    Optional.of(widest.token()),
                    "token " + widest.name() + " of " + config.source(),
                    certificate);
        }
        Path file = config.hub().dataDir().resolve(TOKEN_FILE);
        return new HubAddress(base, read(file), file.toString(), certificate);
    }

    private static int width(Token token) {
        List<Scope> held = token.scopes().stream().toList();
        return held.contains(Scope.ADMIN) ? 100 : held.contains(Scope.OPERATE) ? 10 + held.size() : held.size();
    }

    private static URI own(Server server) {
        if (server.port() == 0) {
            throw new Failure(
                    ExitCode.NO_HUB,
                    "server.port is 0, so nobody knows which port the hub took",
                    "set PATCHBAY_URL to the address that `patchbay run` printed");
        }
        String host =
                switch (server.host()) {
                    case "0.0.0.0" -> "127.0.0.1";
                    case "::", "[::]" -> "[::1]";
                    default -> server.host();
                };
        boolean isBare = host.indexOf(':') >= 0 && !host.startsWith("[");
        String scheme = server.tls().isPresent() ? "https" : "http";
        return URI.create(scheme + "://" + (isBare ? "[" + host + "]" : host) + ":" + server.port() + "/");
    }

    private static URI named(String url) {
        try {
            URI uri = new URI(url.endsWith("/") ? url : url + "/");
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (isHttp && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException wrong) {
            // Said below.
        }
        throw new Failure(
                ExitCode.FAILED,
                "PATCHBAY_URL is not the address of a hub",
                "write it like http://127.0.0.1:8080/, with the token in PATCHBAY_TOKEN");
    }

    private static Optional<String> read(Path file) {
        try (var in = Files.newInputStream(file)) {
            String token = new String(in.readNBytes(TOKEN_BYTES_MAX), StandardCharsets.UTF_8).strip();
            return token.isEmpty() ? Optional.empty() : Optional.of(token);
        } catch (NoSuchFileException notYet) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new Failure(
                    ExitCode.FAILED,
                    file + " cannot be read",
                    "run this as the user who runs the hub, or set PATCHBAY_TOKEN",
                    unreadable);
        }
    }
}
