package dev.patchbay.hub.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How the doors stand open.
 *
 * @param host name or address to listen on
 * @param port 0 for any free one
 * @param readTimeout most time for a whole request, from its first byte to its last
 * @param rate requests of one client per second; empty: no limit
 * @param limitLoopback whether clients on this machine are limited as well
 * @param tls empty: connections are not encrypted
 * @param allowedOrigins web pages from elsewhere that may open sockets, as {@code https://host[:port]}
 */
public record GatewaySettings(
        String host,
        int port,
        Duration readTimeout,
        Optional<Double> rate,
        boolean limitLoopback,
        Set<String> allowedOrigins,
        Optional<TlsFiles> tls,
        Bounds bounds) {

    /** PEM files: the certificate with its chain, and its key without a password. */
    public record TlsFiles(Path cert, Path key) {}

    public GatewaySettings {
        allowedOrigins = Set.copyOf(allowedOrigins);
    }

    /** The usual settings. */
    public static GatewaySettings of(String host, int port) {
        return new GatewaySettings(
                host, port, Duration.ofSeconds(30), Optional.empty(), false, Set.of(), Optional.empty(), Bounds.USUAL);
    }

    public GatewaySettings with(Bounds other) {
        return new GatewaySettings(host, port, readTimeout, rate, limitLoopback, allowedOrigins, tls, other);
    }

    public GatewaySettings withReadTimeout(Duration other) {
        return new GatewaySettings(host, port, other, rate, limitLoopback, allowedOrigins, tls, bounds);
    }

    public GatewaySettings withRate(double perSecond, boolean loopbackToo) {
        return new GatewaySettings(
                host, port, readTimeout, Optional.of(perSecond), loopbackToo, allowedOrigins, tls, bounds);
    }

    public GatewaySettings withAllowedOrigins(Set<String> other) {
        return new GatewaySettings(host, port, readTimeout, rate, limitLoopback, other, tls, bounds);
    }

    /**
     * What no configuration changes; tests do.
     *
     * @param connections open at once; further ones wait in the listener's backlog
     * @param requests under way at once, over all transports
     * @param bodyBytes of requests longer than 64 KB that are under way at once, over all connections
     * @param requestsPerSocket under way at once; then the socket is not read until one ends
     * @param pileUpBytes queued for one socket before it is given up as a slow reader
     * @param pingEvery a socket that was silent for so long is pinged
     * @param silence a socket that was silent for so long has vanished
     * @param idle an HTTP connection without a request for so long is closed
     * @param linger for a peer to take note of the end of its socket
     */
    public record Bounds(
            int connections,
            int requests,
            long bodyBytes,
            int requestsPerSocket,
            int pileUpBytes,
            Duration pingEvery,
            Duration silence,
            Duration idle,
            Duration linger) {

        public static final Bounds USUAL = new Bounds(
                20_000,
                4_000,
                256L << 20,
                256,
                8 << 20,
                Duration.ofSeconds(30),
                Duration.ofSeconds(90),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30));

        public Bounds withPings(Duration every, Duration silenceAfter) {
            return new Bounds(
                    connections,
                    requests,
                    bodyBytes,
                    requestsPerSocket,
                    pileUpBytes,
                    every,
                    silenceAfter,
                    idle,
                    linger);
        }

        public Bounds withBodyBytes(long other) {
            return new Bounds(
                    connections, requests, other, requestsPerSocket, pileUpBytes, pingEvery, silence, idle, linger);
        }

        public Bounds withRequests(int other) {
            return new Bounds(
                    connections, other, bodyBytes, requestsPerSocket, pileUpBytes, pingEvery, silence, idle, linger);
        }
    }
}
