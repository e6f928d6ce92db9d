package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a bot has not yet confirmed, in order. Safe for use by many threads. */
final class UpdateQueue {
    /** As the server does, the oldest go when the bot stays away. */
    private static final int WAITING_MAX = 100_000;
    /** Kinds that come only when asked for by name. */
    private static final Set<String> ON_REQUEST = Set.of("chat_member", "message_reaction", "message_reaction_count");

    private final Deque<ObjectNode> waiting = new ArrayDeque<>();
    private final List<ObjectNode> again = new ArrayList<>();
    private Set<String> allowed = Set.of();
    private long nextId = 100_001;
    private long confirmed;
    private long conflicts;
    private int repeats;
    private int reversals;
    private boolean isClosed;
    /** The poll that is the newest; an older one ends in a conflict. */
    private long polls;

    private String webhook = "";

    synchronized void add(String kind, JsonNode content) {
        if (allowed.isEmpty() ? ON_REQUEST.contains(kind) : !allowed.contains(kind)) {
            return;
        }
        if (waiting.size() == WAITING_MAX) {
            waiting.removeFirst();
        }
        ObjectNode update = Json.object().put("update_id", nextId++);
        update.set(kind, content);
        waiting.add(update);
        notifyAll();
    }

    /** Names the kinds that are kept from now on; an empty list is the usual ones. */
    synchronized void allow(Optional<JsonNode> kinds) {
        kinds.ifPresent(list -> {
            var names = new HashSet<String>();
            list.forEach(name -> names.add(name.asText()));
            allowed = Set.copyOf(names);
        });
    }

    synchronized Set<String> allowed() {
        return allowed;
    }

    /** A webhook's address takes the place of polling; an empty one gives it back. */
    synchronized void webhook(String url) {
        webhook = url;
        notifyAll();
    }

    /**
     * Waits for updates as getUpdates does.
     *
     * @throws ApiError if a webhook is set, or another poll takes the place of this one
     */
    synchronized ArrayNode poll(long offset, int limit, Duration timeout) throws InterruptedException {
        if (!webhook.isEmpty()) {
            throw conflict(
                    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
                            + " first");
        }
        confirmBefore(offset);
        long mine = ++polls;
        notifyAll();
        long deadline = System.nanoTime() + timeout.toNanos();
        while (waiting.isEmpty() && again.isEmpty()) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || isClosed) {
                break;
            }
            wait(left / 1_000_000 + 1);
            if (polls != mine) {
                throw conflict(
                        "terminated by other getUpdates request; make sure that only one bot instance is running");
            }
            if (!webhook.isEmpty()) {
                throw conflict("terminated by setWebhook request");
            }
        }
        return batch(limit);
    }

    /** The next one for this webhook; null once another is set, or none. */
    synchronized @Nullable ObjectNode nextFor(String url) throws InterruptedException {
        while (webhook.equals(url) && !isClosed) {
            if (!again.isEmpty()) {
                return again.getFirst();
            }
            if (!waiting.isEmpty()) {
                return reversals > 0 && waiting.size() > 1 ? second() : waiting.getFirst();
            }
            wait();
        }
        return null;
    }

    /** The webhook took it. */
    synchronized void taken(ObjectNode update) {
        if (!again.remove(update) && waiting.remove(update)) {
            confirm(update);
        }
    }

    synchronized void repeatNext(int updates) {
        repeats += updates;
    }

    synchronized void reverseNext() {
        reversals++;
    }

    synchronized void dropAll() {
        waiting.clear();
        again.clear();
    }

    synchronized int size() {
        return waiting.size();
    }

    synchronized long confirmed() {
        return confirmed;
    }

    synchronized long conflicts() {
        return conflicts;
    }

    /** Waits until nothing is unconfirmed; false if that takes too long. */
    synchronized boolean awaitEmpty(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!waiting.isEmpty()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000 + 1);
        }
        return true;
    }

    /** Ends all who wait. */
    synchronized void close() {
        isClosed = true;
        notifyAll();
    }

    private void confirmBefore(long offset) {
        if (offset < 0) {
            while (waiting.size() > -offset) {
                confirm(waiting.removeFirst());
            }
            return;
        }
        while (!waiting.isEmpty() && waiting.getFirst().path("update_id").asLong() < offset) {
            confirm(waiting.removeFirst());
        }
    }

    private void confirm(ObjectNode update) {
        confirmed++;
        if (repeats > 0) {
            repeats--;
            again.add(update);
        }
        notifyAll();
    }

    private ArrayNode batch(int limit) {
        var batch = new ArrayList<>(again);
        batch.addAll(waiting);
        List<ObjectNode> cut = batch.subList(0, Math.min(limit, batch.size()));
        again.removeAll(cut);
        if (reversals > 0 && cut.size() > 1) {
            reversals--;
            cut = cut.reversed();
        }
        return Json.array().addAll(cut);
    }

    private ObjectNode second() {
        reversals--;
        ObjectNode first = waiting.removeFirst();
        ObjectNode second = waiting.removeFirst();
        waiting.addFirst(first);
        waiting.addFirst(second);
        return second;
    }

    private ApiError conflict(String what) {
        conflicts++;
        return ApiError.conflict(what);
    }
}
