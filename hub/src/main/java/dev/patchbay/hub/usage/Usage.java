package dev.patchbay.hub.usage;

import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.metrics.Seldom;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all agents use and spend. What is in memory is what is on disk and what is about to be; turns ask memory alone. Safe for many
 * threads.
 */
public final class Usage {
    private static final Logger log = LoggerFactory.getLogger(Usage.class);

    private final Map<String, Allowance> allowances;
    private final Book book;
    private final Meters meters;
    private final World world;
    private final Map<String, Purse> purses = new ConcurrentHashMap<>();
    private final Seldom storeTold;

    /** Held while the operator is told, so that nobody tells the same. */
    private final ReentrantLock telling = new ReentrantLock();

    private Usage(Map<String, Allowance> allowances, Book book, Meters meters, World world) {
        this.allowances = Map.copyOf(allowances);
        this.book = book;
        this.meters = meters;
        this.world = world;
        this.storeTold = new Seldom();
    }

    /**
     * Takes up what was counted before, and tells what a kill has kept from being told.
     *
     * @param allowances by agent
     */
    public static Usage open(Map<String, Allowance> allowances, Store store, Events events, Meters meters, World world)
            throws InterruptedException {
        var usage = new Usage(allowances, Book.of(store, events, world.clock()), meters, world);
        for (String each : allowances.keySet()) {
            usage.load(usage.purse(each));
        }
        return usage;
    }

    /** Agents without price and budget, of whose use nothing is kept. */
    public static Usage unlimited(Meters meters, World world) {
        return new Usage(Map.of(), Book.NONE, meters, world);
    }

    public Purse purse(String agentId) {
        return purses.computeIfAbsent(
                agentId, id -> new Purse(id, allowances.getOrDefault(id, Allowance.ANY), meters, world));
    }

    /** For one turn; to be closed. */
    public Bill bill() {
        return new Bill(this);
    }

    /** Writes down what belongs to no turn that is going to be stored. Blocks. */
    public void record(Charge charge) {
        if (!charge.isNothing()) {
            close(List.of(charge), false);
        }
    }

    void close(List<Charge> charges, boolean isOnDisk) {
        try {
            if (!isOnDisk) {
                write(charges);
            }
            for (Charge each : charges) {
                tell(each.purse());
            }
        } catch (InterruptedException stopped) {
            // Whether it was written is unknown; the next start reads what is there.
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<Charge> charges) throws InterruptedException {
        try {
            book.add(charges.stream().map(Charge::increase).toList());
        } catch (StoreException notStored) {
            // Until the hub stops it counts nevertheless.
            storeTold.tell(
                    more -> log.warn("What a turn has used is not written down{}: {}", more, notStored.getMessage()));
        }
    }

    private void load(Purse purse) throws InterruptedException {
        for (String scope : purse.scopes()) {
            book.read(scope).forEach(purse::load);
        }
        book.read(Notice.scope(purse.agentId())).forEach(purse::loadTold);
        tell(purse);
    }

    private void tell(Purse purse) throws InterruptedException {
        if (purse.notices().isEmpty()) {
            return;
        }
        telling.lockInterruptibly();
        try {
            for (Notice each : purse.notices()) {
                book.tell(each);
                purse.told(each);
                log.warn("{}", each);
            }
        } catch (StoreException notStored) {
            storeTold.tell(
                    more -> log.warn("A budget's warning waits for the store{}: {}", more, notStored.getMessage()));
        } finally {
            telling.unlock();
        }
    }
}
