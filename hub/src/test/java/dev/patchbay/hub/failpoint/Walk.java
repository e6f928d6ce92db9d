package dev.patchbay.hub.failpoint;

import static dev.patchbay.hub.failpoint.TrialHub.ACCOUNT;
import static dev.patchbay.hub.failpoint.TrialHub.CHANNEL;

import dev.patchbay.api.Answer;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.delivery.DeliveryRefused;
import dev.patchbay.hub.delivery.Outbound;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.session.Address;
import dev.patchbay.hub.session.Cancellation;
import dev.patchbay.hub.session.OwnTurns;
import dev.patchbay.hub.session.OwnTurns.OwnTurn;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.store.Besides;
import dev.patchbay.hub.store.DedupKey;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Increase;
import dev.patchbay.hub.store.NewInbound;
import dev.patchbay.hub.store.Page;
import dev.patchbay.hub.store.Retention;
import dev.patchbay.hub.store.SessionFilter;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.store.StoredNote;
import dev.patchbay.hub.store.StoredSession;
import dev.patchbay.hub.store.TaskState;
import dev.patchbay.hub.task.TaskRequest;
import dev.patchbay.hub.usage.Bill;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The world around a hub: peers and operators who do what they want to do again, with the same keys, until it was acknowledged, as
 * platforms do.
 */
final class Walk {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final Duration REPLY_WAIT = Duration.ofSeconds(8);

    private final TrialHub hub;
    private final Ledger ledger;

    /** Something that may have to be done again. */
    interface Step {
        void run() throws Exception;
    }

    Walk(TrialHub hub, Ledger ledger) {
        this.hub = hub;
        this.ledger = ledger;
    }

    void run(Errand errand, int messages) throws Exception {
        switch (errand) {
            case OPEN -> {}
            case TALK -> talk(messages);
            case OPERATE -> operate();
            case WORK -> work();
            case SHOW -> chat(Trial.GINA);
            case DAMAGE -> damage();
            case CALL -> {
                try (var calls = new Calls(hub, ledger)) {
                    calls.run();
                }
            }
            case INSTALL -> new Installations(hub.world, ledger.folder()).run();
        }
    }

    /** Waits until every message that was taken has been answered; what is missing, or still open, or kept wrongly. */
    List<String> settle() throws Exception {
        var wrong = new ArrayList<>(ledger.awaitAll(Trial.ANSWERED, PATIENCE_MILLIS));
        try {
            until(() -> require(leftOpen().isEmpty()));
        } catch (NotYet still) {
            wrong.addAll(leftOpen());
        }
        until(() -> {
            int seen = Integer.parseInt(hub.door.note(CHANNEL, ACCOUNT, "seen").orElse("0"));
            if (seen < ledger.lastTaken("note")) {
                wrong.add("went back: the note says " + seen + ", acknowledged was " + ledger.lastTaken("note"));
            }
        });
        return wrong;
    }

    /** What was counted and what the transcripts say that was used: the same, unless a turn was begun more than once. */
    Optional<String> miscounted(boolean mayRepeat) throws InterruptedException {
        long said = said();
        long counted = 0;
        LocalDate today = LocalDate.ofInstant(hub.world.clock().instant(), ZoneOffset.UTC);
        for (LocalDate month : List.of(today, today.minusMonths(1))) {
            for (StoredNote day : hub.store.notes("usage/" + TrialHub.AGENT + "/" + YearMonth.from(month))) {
                String[] sums = day.value().split(" ", -1);
                counted += Long.parseLong(sums[0]) + Long.parseLong(sums[1]);
            }
        }
        return counted == said || (mayRepeat && counted > said)
                ? Optional.empty()
                : Optional.of("counted " + counted + " tokens, in transcripts are " + said);
    }

    private long said() throws InterruptedException {
        long said = 0;
        for (StoredSession session :
                hub.store.sessions(SessionFilter.ALL, 1_000, Optional.empty()).items()) {
            Optional<String> cursor = Optional.empty();
            do {
                Page<StoredLine> page = hub.store.history(session.identity().sessionKey(), 1_000, cursor);
                said += page.items().stream()
                        .mapToLong(line -> Long.parseLong(line.metadata().getOrDefault("tokens", "0")))
                        .sum();
                cursor = page.next();
            } while (cursor.isPresent());
        }
        return said;
    }

    private List<String> leftOpen() throws InterruptedException {
        return Stream.concat(
                        hub.store.pendingInbound(0, 100).stream().map(each -> "still in the inbox: " + each),
                        hub.store.openDeliveries(0, 100).stream().map(each -> "still in the queue: " + each))
                .toList();
    }

    private void talk(int messages) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (String peer : List.of(Trial.ANNA, Trial.BO, Trial.FAY)) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < messages; i++) {
                        chat(peer);
                    }
                    return null;
                }));
            }
            all.add(threads.submit(() -> {
                keepNote();
                return null;
            }));
            all.add(threads.submit(() -> {
                beginByItself();
                return null;
            }));
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    private void chat(String peer) throws Exception {
        int number = ledger.lastTaken(peer) + 1;
        until(() -> {
            InboundMessage message = message(peer, number);
            if (peer.equals(Trial.FAY)) {
                Answer answer = hub.door.receiveAndWait(CHANNEL, ACCOUNT, message, REPLY_WAIT);
                if (answer.status() == Answer.Status.ANSWERED) {
                    ledger.given(peer, number, answer.text(), false);
                }
            } else {
                hub.door.receive(CHANNEL, ACCOUNT, message, Optional.of(new Note("offset-" + peer, "" + number)));
            }
        });
        ledger.taken(peer, number);
    }

    InboundMessage message(String peer, int number) throws Exception {
        var message =
                InboundMessage.from(Peer.direct(peer), Trial.text(peer, number)).remoteId(peer + "-" + number);
        if (Trial.hasFile(peer, number)) {
            var content = new ByteArrayInputStream(("" + number).getBytes(StandardCharsets.UTF_8));
            message.attach(List.of(hub.files.keep(content, "text/plain", "number.txt")));
        }
        return message.build();
    }

    /** A turn that no message has caused, and a note that counts them, which comes with its end. */
    private void beginByItself() throws Exception {
        OwnTurns turns = hub.inbox.ownTurns();
        until(() -> {
            // It may have been written just before the hub died: then the next one is begun.
            int number = ledger.lastTaken(Trial.IVAN) + 1;
            if (hub.store.note("own", "count").equals(Optional.of("" + number))) {
                hub.deliveries.takeUp("own-" + number);
                ledger.taken(Trial.IVAN, number++);
            }
            try (Bill bill = turns.bill()) {
                var turn = new OwnTurn(
                        "own-" + number,
                        SessionKey.heartbeat("main"),
                        Trial.text(Trial.IVAN, number),
                        Instant.EPOCH,
                        Optional.of(new Address(CHANNEL, ACCOUNT, Peer.direct(Trial.IVAN), null)),
                        Map.of(),
                        bill);
                TurnResult result = turns.ask(turn, piece -> {}, REPLY_WAIT, new Cancellation())
                        .orElseThrow();
                turns.end(turn, result, Besides.notes(List.of(new StoredNote("own", "count", "" + number))));
                ledger.taken(Trial.IVAN, number);
            }
        });
    }

    private void work() throws Exception {
        int number = ledger.lastTaken(Trial.JANA) + 1;
        // Tasks run side by side: for the order, the one before has to be over.
        until(() -> require(number == 1 || ledger.wasGiven(Trial.JANA, number - 1)));
        var request = new TaskRequest(
                Trial.text(Trial.JANA, number),
                "main",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Target.Named(new Address(CHANNEL, ACCOUNT, Peer.direct(Trial.JANA), null)),
                "task " + number,
                "trial");
        until(() -> {
            String id = hub.tasks.create(request).task().taskId();
            ledger.taken(Trial.JANA, number);
            require(hub.tasks.get(id).orElseThrow().standing().state() == TaskState.DONE);
        });
        until(() -> hub.store.pruneTasks(Trial.TASKS_KEPT, hub.world.clock().instant()));
    }

    private void keepNote() throws Exception {
        int number = ledger.lastTaken("note") + 1;
        until(() -> hub.door.keep(CHANNEL, ACCOUNT, new Note("seen", "" + number)));
        ledger.taken("note", number);
    }

    private void operate() throws Exception {
        send(Trial.CARL);
        send(Trial.DORA);
        int never = send(Trial.EMIL);
        String torn = UUID.randomUUID().toString();
        until(() -> hub.store.accept(unreadable(torn)));
        until(() -> hub.store.setAside(torn, "it is no message", Instant.EPOCH));
        until(() -> hub.store.clearSession("agent:main:trial:direct:nobody", Instant.EPOCH));
        until(() -> hub.store.deleteSession("agent:main:trial:direct:nobody"));
        until(() -> hub.events.record("trial", Map.of("word", "done")));
        until(() -> hub.bindings.set(List.of(), "trial"));
        until(() -> hub.store.prune(
                new Retention(Duration.ofDays(9), Duration.ofDays(9), Duration.ofDays(9)),
                hub.world.clock().instant()));
        until(() -> hub.store.increase(List.of(new Increase("trial", "count", List.of(1L)))));
        until(hub.store::probe);
        until(() -> expire());
        until(() -> {
            hub.deliveries.retry(to(Trial.DORA));
            require(ledger.missing(List.of(Trial.DORA)).isEmpty());
        });
        until(() -> {
            require(hub.platform.hasRefused(Trial.EMIL, never) || !isOpen(Trial.EMIL));
            hub.deliveries.discard(to(Trial.EMIL));
            require(!isOpen(Trial.EMIL));
        });
    }

    private int send(String peer) throws Exception {
        int number = ledger.lastTaken(peer) + 1;
        var key = new DedupKey(
                "send " + peer + number, "", hub.world.clock().instant().plus(Duration.ofDays(7)));
        until(() -> hub.deliveries.send(
                Outbound.text(CHANNEL, ACCOUNT, Peer.direct(peer), null, Trial.text(peer, number), Optional.empty()),
                Optional.of(key)));
        ledger.taken(peer, number);
        return number;
    }

    private boolean isOpen(String peer) throws InterruptedException {
        return hub.store.deliveries(to(peer), 1_000, Optional.empty()).items().stream()
                .anyMatch(each -> each.ref().state() == DeliveryState.DEAD
                        || each.ref().state() == DeliveryState.PENDING
                        || each.ref().state() == DeliveryState.SENDING);
    }

    private static DeliveryFilter to(String peer) {
        return new DeliveryFilter(
                Set.of(),
                Optional.of(CHANNEL),
                Optional.empty(),
                Optional.empty(),
                Optional.of(peer),
                Optional.empty());
    }

    /** A file that nobody names and nobody has used for years. */
    private void expire() throws Exception {
        String unique = UUID.randomUUID().toString();
        Attachment kept = hub.files.keep(
                new ByteArrayInputStream(unique.getBytes(StandardCharsets.UTF_8)), "text/plain", "old.txt");
        String id = kept.url().substring("attachment:".length());
        Path file = ledger.folder()
                .resolve("attachments")
                .resolve(id.substring(0, 2))
                .resolve(id);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        int removed = hub.files.expire();
        require(removed > 0);
    }

    /** Behind the hub's back. */
    private void damage() throws Exception {
        String torn = UUID.randomUUID().toString();
        until(() -> hub.store.accept(unreadable(torn)));
        until(() -> {
            // Each time: a store that starts over has forgotten what nobody has synced.
            overwrite(torn);
            try {
                require(hub.store.inbound(torn).isEmpty());
            } catch (StoreException damaged) {
                require(false);
            }
        });
    }

    private void overwrite(String messageId) throws SQLException {
        String url = "jdbc:h2:file:" + ledger.folder().toAbsolutePath().resolve("hub") + ";MAX_COMPACT_TIME=0";
        try (var connection = DriverManager.getConnection(url, "hub", "");
                var change = connection.createStatement()) {
            change.executeUpdate("UPDATE inbox SET body = X'00' WHERE message_id = '" + messageId + "'");
        }
    }

    private static NewInbound unreadable(String id) {
        return new NewInbound(
                id,
                "agent:main:trial:direct:nobody",
                "main",
                CHANNEL,
                Optional.empty(),
                "no message".getBytes(StandardCharsets.UTF_8),
                Instant.EPOCH);
    }

    /** Does it until it is done, as platforms, programs and people do. */
    void until(Step step) throws Exception {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (true) {
            try {
                step.run();
                return;
            } catch (InjectedFailure
                    | StoreException
                    | NotAccepted
                    | DeliveryRefused
                    | NotYet
                    | IOException
                    | SQLException again) {
                if (System.nanoTime() > end) {
                    throw again;
                }
                Ledger.pause(10);
            }
        }
    }

    static void require(boolean condition) throws NotYet {
        if (!condition) {
            throw new NotYet();
        }
    }

    /** To be looked at again in a moment. */
    static final class NotYet extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
