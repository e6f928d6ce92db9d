package dev.patchbay.hub.failpoint;

import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.Draft;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The platform behind the channel: takes messages, forgets to say so now and then, refuses some, shows drafts. */
final class Platform implements Channel {
    private final Ledger ledger;
    private final Set<String> shrugged = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private int drafts;

    Platform(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public DeliveryOutcome deliver(OutboundMessage message) {
        String peer = message.to().id();
        int number = Trial.number(message.text());
        if (!Trial.manners(peer).isTaken() || (Trial.manners(peer).isTakenLate() && isFirst(refused, peer, number))) {
            isFirst(refused, peer, number);
            return new Refused("not this one");
        }
        ledger.given(peer, number, message.text(), message.possiblyRepeated());
        return number % 3 == 0 && isFirst(shrugged, peer, number)
                ? new Unknown("the platform did not say")
                : new Delivered(peer + "-" + number);
    }

    @Override
    public DeliveryOutcome reconcile(OutboundMessage message) {
        String peer = message.to().id();
        if (Trial.manners(peer).isRepeatable()) {
            return new Unknown("cannot be asked");
        }
        return ledger.wasGiven(peer, Trial.number(message.text()))
                ? new Delivered("as before")
                : new RetryLater("it is not there", java.time.Duration.ZERO);
    }

    @Override
    public void typing(Peer to, @Nullable String threadId) {}

    @Override
    public synchronized DeliveryOutcome draft(Draft draft) {
        drafts++;
        notifyAll();
        return new Delivered("draft");
    }

    /** Waits until one more draft was shown than when {@code before} were; not for long. */
    synchronized void awaitDraft(int before) throws InterruptedException {
        long end = System.nanoTime() + 3_000_000_000L;
        for (long left = 3_000; drafts <= before && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    synchronized int drafts() {
        return drafts;
    }

    synchronized boolean hasRefused(String peer, int number) {
        return refused.contains(peer + number);
    }

    private synchronized boolean isFirst(Set<String> seen, String peer, int number) {
        return seen.add(peer + number);
    }

    @Override
    public void close() {}
}
