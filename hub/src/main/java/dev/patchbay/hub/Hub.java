package dev.patchbay.hub;

import dev.patchbay.hub.command.HubRunner.RunningHub;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.gateway.Gateway;
import dev.patchbay.hub.session.Inbox;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A hub that serves, and the order in which it stops. */
final class Hub implements RunningHub {
    private final boolean encrypted;
    private final String host;
    private final Gateway gateway;
    private final List<OwnWork> ownWork;
    private final Inbox inbox;
    private final Deliveries deliveries;
    private final Closing closing;
    private final CountDownLatch stopped = new CountDownLatch(1);

    Hub(
            boolean encrypted,
            String host,
            Gateway gateway,
            List<OwnWork> ownWork,
            Inbox inbox,
            Deliveries deliveries,
            Closing closing) {
        this.ownWork = ownWork;
        this.encrypted = encrypted;
        this.host = host;
        this.gateway = gateway;
        this.inbox = inbox;
        this.deliveries = deliveries;
        this.closing = closing;
    }

    @Override
    public URI url() {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return URI.create((encrypted ? "https://" : "http://") + shown + ":" + gateway.port() + "/");
    }

    @Override
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /**
     * First whoever sends us work learns that we are not ready for it; then the hub's own work comes to an end, nothing new is taken and the turns under way end, which answers the callers who wait for them; then attempts under way
     * end; then the doors close, and last everything else in the reverse order of its opening.
     */
    @Override
    public boolean drain(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        try {
            gateway.beginDrain();
            boolean turnsEnded = true;
            for (OwnWork each : ownWork) {
                turnsEnded &= each.drain(left(end));
            }
            turnsEnded &= inbox.drain(left(end));
            boolean attemptsEnded = deliveries.drain(left(end));
            gateway.close(left(end));
            return turnsEnded && attemptsEnded;
        } finally {
            closing.closeAll();
            stopped.countDown();
        }
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
}
