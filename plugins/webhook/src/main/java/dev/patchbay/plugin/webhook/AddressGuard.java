package dev.patchbay.plugin.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks up a host when a connection is made, and lets through only addresses that a callback may reach. The connection goes to
 * the very addresses that were looked at, so a name that changes its mind in between gains nothing. For any thread.
 */
final class AddressGuard implements DnsResolver, AutoCloseable {
    private static final int WAITING_MAX = 1_000;

    private final Networks networks;
    private final Names names;
    private final Duration timeout;

    /**
     * One platform thread while there is something to look up: a name server that is silent would hold the threads that carry
     * virtual ones. One is enough, since all callbacks of an account go to the same host.
     */
    private final ThreadPoolExecutor lookups;

    /** Somebody who knows the addresses of names. */
    @FunctionalInterface
    interface Names {
        InetAddress[] of(String name) throws UnknownHostException;
    }

    /** The callback's address is not everybody's, and nobody has allowed it. */
    static final class Forbidden extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        private Forbidden(InetAddress address) {
            super(address.getHostAddress());
        }
    }

    AddressGuard(Networks networks, Names names, Duration timeout, String accountId) {
        this.networks = networks;
        this.names = names;
        this.timeout = timeout;
        this.lookups = new ThreadPoolExecutor(
                1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), work -> Thread.ofPlatform()
                        .name("webhook-" + accountId + "-lookup")
                        .daemon()
                        .unstarted(work));
        this.lookups.allowCoreThreadTimeOut(true);
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        Optional<InetAddress> literal = literal(host);
        InetAddress[] addresses = literal.isPresent() ? new InetAddress[] {literal.get()} : lookUp(host);
        for (InetAddress address : addresses) {
            if (!networks.permit(address)) {
                throw new Forbidden(address);
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    @Override
    public void close() {
        lookups.shutdownNow();
    }

    /** Every spelling that reaches a machine by number, so {@code 2130706433}, {@code 0x7f.1} and {@code 0177.0.0.1} too. */
    private static Optional<InetAddress> literal(String host) {
        String number = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        try {
            return Optional.of(
                    number.indexOf(':') >= 0 ? InetAddress.ofLiteral(number) : Inet4Address.ofPosixLiteral(number));
        } catch (IllegalArgumentException itIsAName) {
            return Optional.empty();
        }
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        Future<InetAddress[]> lookup;
        try {
            lookup = lookups.submit(() -> names.of(host));
        } catch (RejectedExecutionException full) {
            throw new UnknownHostException("too many lookups of " + host + " are waiting");
        }
        try {
            return lookup.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silence) {
            lookup.cancel(false);
            throw new UnknownHostException("no name server has answered for " + host);
        } catch (ExecutionException unknown) {
            throw new UnknownHostException(host + " has no address");
        } catch (InterruptedException stop) {
            lookup.cancel(false);
            Thread.currentThread().interrupt();
            throw new UnknownHostException("interrupted");
        }
    }
}
