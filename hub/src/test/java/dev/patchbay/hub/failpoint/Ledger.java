package dev.patchbay.hub.failpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What peers were told was taken, and what they were given: the judge of a hub that failed. Survives the process, since each line
 * is on disk before anybody acts on it. Safe for many threads.
 */
final class Ledger implements AutoCloseable {
    private final Path folder;
    private final SideFile taken;
    private final SideFile given;
    private final Map<String, Integer> lastTaken = new HashMap<>();
    private final Map<String, List<Given>> deliveries = new HashMap<>();

    /** One message that a peer was given. */
    record Given(int number, String text, boolean isMarked) {}

    Ledger(Path folder) throws IOException {
        this.folder = folder;
        for (String line : SideFile.lines(folder.resolve("taken"))) {
            String[] parts = line.split(" ", 2);
            lastTaken.merge(parts[0], Integer.parseInt(parts[1]), Math::max);
        }
        for (String line : SideFile.lines(folder.resolve("given"))) {
            String[] parts = line.split(" ", 4);
            note(parts[0], new Given(Integer.parseInt(parts[1]), parts[3], parts[2].equals("marked")));
        }
        taken = new SideFile(folder.resolve("taken"));
        given = new SideFile(folder.resolve("given"));
    }

    Path folder() {
        return folder;
    }

    /** The number of the latest message of a peer that the hub has acknowledged; 0 if there is none. */
    synchronized int lastTaken(String peer) {
        return lastTaken.getOrDefault(peer, 0);
    }

    void taken(String peer, int number) {
        taken.add(peer + " " + number);
        synchronized (this) {
            lastTaken.merge(peer, number, Math::max);
            notifyAll();
        }
    }

    void given(String peer, int number, String text, boolean isMarked) {
        given.add(peer + " " + number + " " + (isMarked ? "marked" : "plain") + " " + text);
        note(peer, new Given(number, text, isMarked));
    }

    synchronized boolean wasGiven(String peer, int number) {
        return deliveries.getOrDefault(peer, List.of()).stream().anyMatch(each -> each.number() == number);
    }

    /** Waits until every message that was taken from these peers has been answered; what is missing after that time. */
    synchronized List<String> awaitAll(List<String> peers, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (true) {
            List<String> missing = missing(peers);
            long left = (end - System.nanoTime()) / 1_000_000;
            if (missing.isEmpty() || left <= 0) {
                return missing;
            }
            wait(left);
        }
    }

    /** Lets others work for a moment. */
    static void pause(long millis) throws InterruptedException {
        boolean never = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        assert !never;
    }

    /** What was taken from these peers and has not been answered. */
    synchronized List<String> missing(List<String> peers) {
        var missing = new ArrayList<String>();
        for (String peer : peers) {
            for (int number = 1; number <= lastTaken(peer); number++) {
                if (!wasGiven(peer, number)) {
                    missing.add("lost: " + peer + " " + number);
                }
            }
        }
        return missing;
    }

    /** What no peer may ever see, however the hub has failed; empty if all is well so far. */
    synchronized List<String> offences() {
        var offences = new ArrayList<String>();
        new TreeMap<>(deliveries).forEach((peer, all) -> offences.addAll(offences(Trial.manners(peer), peer, all)));
        return offences;
    }

    private static List<String> offences(Trial.Manners manners, String peer, List<Given> all) {
        var offences = new ArrayList<String>();
        int latest = 0;
        for (Given each : all) {
            String what = peer + " " + each.number();
            if (!each.text().equals(Trial.answer(peer, each.number()))) {
                offences.add("wrong: " + what + " is \"" + each.text() + "\"");
            }
            if (each.number() > latest) {
                if (manners.isOrdered() && each.number() != latest + 1) {
                    offences.add("out of order: " + what + " after " + latest);
                }
                latest = each.number();
            } else if (manners.isOrdered() && !manners.isRepeatable()) {
                offences.add("repeated although it could be asked: " + what);
            } else if (manners.isOrdered() && !each.isMarked()) {
                offences.add("repeated without a mark: " + what);
            }
        }
        return offences;
    }

    private synchronized void note(String peer, Given what) {
        deliveries.computeIfAbsent(peer, absent -> new ArrayList<>()).add(what);
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        taken.close();
        given.close();
    }
}
