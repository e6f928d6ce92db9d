package dev.patchbay.hub.config;

import dev.patchbay.hub.config.HubConfig.Scope;
import dev.patchbay.hub.config.HubConfig.Server;
import dev.patchbay.hub.config.HubConfig.Tls;
import dev.patchbay.hub.config.HubConfig.Token;
import dev.patchbay.hub.config.Values.Parser;
import dev.patchbay.hub.config.Values.Wrong;
import dev.patchbay.hub.tenant.Tenants;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the section {@code server} and sees to it that no open door is shown to the network. */
final class ServerReader {
    private static final int TOKEN_LENGTH_MIN = 16;
    private static final int TOKEN_LENGTH_MAX = 1_000;

    private final Parser<Path> path;

    ServerReader(Parser<Path> path) {
        this.path = path;
    }

    Server read(Section server) {
        server.refuseUnknown();
        String host = server.value("host", (text, key) -> text);
        List<Section> listed = server.items("tokens");
        List<Token> tokens = tokens(listed);
        Optional<Tls> tls = tls(server.section("tls"));
        if (!isLoopback(host) && listed.isEmpty() && tls.isEmpty()) {
            server.wrong(
                    "host",
                    server.quoted("host", host)
                            + " can be reached from outside, and neither a token nor TLS is configured",
                    "write host: 127.0.0.1, or list a token under server.tokens");
        }
        return new Server(
                host,
                server.value("port", Values::number),
                server.value("read-timeout", Values::duration),
                server.value("rate-limit", Values::rate),
                server.value("rate-limit-loopback", Values::flag),
                tokens,
                tls,
                server.optional("public-url", (text, key) -> publicUrl(text)));
    }

    private static List<Token> tokens(List<Section> sections) {
        var tokens = new ArrayList<Token>();
        var names = new HashSet<String>();
        var secrets = new HashSet<String>();
        for (Section section : sections) {
            section.refuseUnknown();
            String name = section.required("name", "write name: WHO");
            String token = section.required("token", "write token: \"${NAME}\" with the variable that holds it");
            Set<Scope> scopes = Set.copyOf(section.list("scopes", Values.constant(Scope.class)));
            if (!section.names().contains("scopes")) {
                section.wrong("", "scopes is missing", "write scopes: [chat, read], operate or admin");
            } else if (scopes.isEmpty() && section.isBlank("scopes")) {
                section.wrong("scopes", "a token without scopes can do nothing", "write scopes: [chat, read]");
            }
            if (!name.isEmpty() && !names.add(name)) {
                section.wrong("name", section.quoted("name", name) + " is the name of an earlier token", "rename one");
            }
            if (isUsable(section, token) && !secrets.add(token)) {
                section.wrong("token", "the same token is listed twice", "keep one of them, with all scopes");
            }
            String tenant = section.optional("tenant", (text, key) -> TenantsReader.seenBy(text))
                    .orElse(Tenants.DEFAULT);
            if (!name.isEmpty() && !token.isEmpty()) {
                tokens.add(new Token(name, token, scopes, tenant));
            }
        }
        return tokens;
    }

    private static boolean isUsable(Section section, String token) {
        if (token.isEmpty()) {
            return false;
        }
        if (!token.matches("[\\x21-\\x7e]+") || token.length() > TOKEN_LENGTH_MAX) {
            section.wrong(
                    "token",
                    "this token does not fit into a header",
                    "take printable ASCII without blanks, at most " + TOKEN_LENGTH_MAX + " characters");
            return false;
        }
        if (token.length() < TOKEN_LENGTH_MIN) {
            section.doubtful(
                    "token",
                    "a token of " + token.length() + " characters can be guessed",
                    "take at least " + TOKEN_LENGTH_MIN + ", for instance from openssl rand -hex 32");
        }
        return true;
    }

    private Optional<Tls> tls(Section tls) {
        tls.refuseUnknown();
        if (!tls.exists()) {
            return Optional.empty();
        }
        Optional<Path> cert = tls.optional("cert", path);
        Optional<Path> key = tls.optional("key", path);
        if (cert.isEmpty() && !tls.names().contains("cert")) {
            tls.wrong("", "cert is missing", "name the PEM file with the certificate chain");
        }
        if (key.isEmpty() && !tls.names().contains("key")) {
            tls.wrong("", "key is missing", "name the PEM file with the private key");
        }
        return cert.flatMap(chain -> key.map(secret -> new Tls(chain, secret)));
    }

    private static URI publicUrl(String text) throws Wrong {
        try {
            URI url = new URI(text.endsWith("/") ? text : text + "/");
            boolean isWeb = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            if (isWeb
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException noAddress) {
            // Said below.
        }
        throw new Wrong("is no address of a web server", "write for instance https://hub.example/");
    }

    /** Without asking anybody: a name other than localhost may be anywhere. */
    static boolean isLoopback(String host) {
        if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }
}
