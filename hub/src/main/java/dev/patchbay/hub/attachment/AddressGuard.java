package dev.patchbay.hub.attachment;

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
 * Looks up a host when a connection is made, and lets through only addresses that a file may be fetched from. The connection goes
 * to the very addresses that were looked at, so a name that changes its mind in between gains nothing. For any thread.
 *
 * <p>The webhook plugin has one of its own for callbacks: plugins and hub share nothing but the plugin API, and this does not
 * belong there.
 */
final class AddressGuard implements DnsResolver, AutoCloseable {
    private static final int WAITING_MAX = 1_000;

    private final Networks networks;
    private final Names names;
    private final Duration timeout;

    /**
     * A few platform threads while there is something to look up: name servers that are silent would hold the threads that carry
     * virtual ones.
     */
    private final ThreadPoolExecutor lookups;

    /** Somebody who knows the addresses of names. */
    @FunctionalInterface
    interface Names {
        InetAddress[] of(String name) throws UnknownHostException;
    }

    /** The address is not everybody's, and nobody has allowed it. */
    static final class Forbidden extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        private Forbidden(InetAddress address) {
            super(address.getHostAddress());
        }
    }

    AddressGuard(Networks networks, Names names, Duration timeout) {
        this.networks = networks;
        this.names = names;
        this.timeout = timeout;
        this.lookups = new ThreadPoolExecutor(
                4, 4, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), work -> Thread.ofPlatform()
                        .name("attachment-lookup")
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
            throw new UnknownHostException("too many lookups are waiting");
        }
        try {
            return lookup.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silence) {
            lookup.cancel(false);
            throw new UnknownHostException("no name server has answered");
        } catch (ExecutionException unknown) {
            throw new UnknownHostException("it has no address");
        } catch (InterruptedException stop) {
            lookup.cancel(false);
            Thread.currentThread().interrupt();
            throw new UnknownHostException("interrupted");
        }
    }
}
