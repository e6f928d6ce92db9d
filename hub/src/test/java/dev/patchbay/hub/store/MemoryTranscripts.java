package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Sessions, their lines and events of a {@link MemoryStore}. */
final class MemoryTranscripts {
    private static final int STEP = 1_000;

    private final MemoryTables tables;
    private final Rows rows;

    /** The maps themselves outlive a reopening. */
    static final class Rows {
        private final TreeMap<Long, Session> sessions = new TreeMap<>();
        private final TreeMap<String, Long> inUse = new TreeMap<>();
        private final TreeMap<Long, TreeMap<Long, Line>> linesOf = new TreeMap<>();
        private final TreeMap<Long, Line> lines = new TreeMap<>();
        private final TreeMap<String, Long> lineIds = new TreeMap<>();
        private final TreeMap<Long, Happening.Event> events = new TreeMap<>();
    }

    /** {@code archive}: 0 in use; else the place at which it was put away. */
    private record Session(
            long id,
            SessionIdentity identity,
            Instant createdAt,
            Instant updatedAt,
            long lines,
            long used,
            long archive,
            SessionUse use) {
        StoredSession stored() {
            return new StoredSession(
                    identity,
                    createdAt,
                    updatedAt,
                    lines,
                    archive == 0 ? Optional.empty() : Optional.of(Long.toString(archive)),
                    use);
        }

        Session counting(SessionUse more) {
            return new Session(id, identity, createdAt, updatedAt, lines, used, archive, use.plus(more));
        }
    }

    private record Line(long session, StoredLine line, int bytes) {}

    MemoryTranscripts(MemoryTables tables) {
        this.tables = tables;
        this.rows = tables.transcripts;
    }

    /** Writes a turn's lines; their places. */
    List<Long> write(TurnEnd turn, Instant at) {
        Session session = use(turn.session(), turn.lines().size(), MemoryTables.micros(at))
                .counting(turn.use().session());
        save(session);
        List<Long> seqs =
                turn.lines().stream().map(line -> append(session, line)).toList();
        if (turn.archives()) {
            save(new Session(
                    session.id(),
                    session.identity(),
                    session.createdAt(),
                    MemoryTables.micros(at),
                    session.lines(),
                    session.used(),
                    tables.nextPlace(),
                    session.use()));
            tables.remove(rows.inUse, session.identity().sessionKey());
            use(turn.session(), 0, MemoryTables.micros(at));
        }
        return seqs;
    }

    Optional<StoredSession> session(String sessionKey) {
        return Optional.ofNullable(inUse(sessionKey)).map(Session::stored);
    }

    Page<StoredSession> sessions(SessionFilter filter, int limit, long below) {
        ToLongFunction<Session> place = filter.archived() ? Session::archive : Session::used;
        List<Session> found = rows.sessions.values().stream()
                .filter(each -> (each.archive() > 0) == filter.archived() && place.applyAsLong(each) < below)
                .filter(each -> filter.agentId().isEmpty()
                        || filter.agentId().get().equals(each.identity().agentId()))
                .filter(each -> filter.agents().isEmpty()
                        || filter.agents().get().contains(each.identity().agentId()))
                .filter(each -> filter.channel().isEmpty()
                        || filter.channel().get().equals(each.identity().channel()))
                .sorted(Comparator.comparingLong(place).reversed())
                .limit(limit + 1L)
                .toList();
        boolean more = found.size() > limit;
        List<Session> page = more ? found.subList(0, limit) : found;
        return new Page<>(
                page.stream().map(Session::stored).toList(),
                more
                        ? Optional.of(Cursor.write(
                                filter.archived() ? Cursor.Of.ARCHIVES : Cursor.Of.SESSIONS,
                                place.applyAsLong(page.getLast())))
                        : Optional.empty());
    }

    /** @param archiveId 0: the transcript in use */
    Page<StoredLine> history(String sessionKey, String archiveId, int limit, long below) {
        Optional<Session> session = archiveId.equals("0")
                ? Optional.ofNullable(inUse(sessionKey))
                : rows.sessions.values().stream()
                        .filter(each -> each.archive() > 0
                                && archiveId.equals(Long.toString(each.archive()))
                                && each.identity().sessionKey().equals(sessionKey))
                        .findFirst();
        if (session.isEmpty()) {
            return new Page<>(List.of(), Optional.empty());
        }
        NavigableMap<Long, Line> older = linesOf(session.get().id()).headMap(below, false);
        var page = new ArrayList<StoredLine>();
        long bytes = 0;
        for (Line each : older.descendingMap().values()) {
            bytes += each.bytes();
            if (page.size() == limit || (!page.isEmpty() && bytes > TranscriptTable.PAGE_BYTES_MAX)) {
                return new Page<>(
                        page.reversed(),
                        Optional.of(
                                Cursor.write(Cursor.Of.HISTORY, page.getLast().seq())));
            }
            page.add(each.line());
        }
        return new Page<>(page.reversed(), Optional.empty());
    }

    Optional<StoredLine> line(String lineId) {
        return Optional.ofNullable(rows.lineIds.get(lineId))
                .map(rows.lines::get)
                .filter(this::isOwned)
                .map(Line::line);
    }

    Optional<Integer> clear(String sessionKey, Instant at) {
        Session session = inUse(sessionKey);
        if (session == null) {
            return Optional.empty();
        }
        tables.remove(rows.sessions, session.id());
        save(new Session(
                tables.nextPlace(),
                session.identity(),
                session.createdAt(),
                MemoryTables.micros(at),
                0,
                tables.nextPlace(),
                0,
                session.use()));
        return Optional.of((int) session.lines());
    }

    boolean delete(String sessionKey) {
        List<Session> all = rows.sessions.values().stream()
                .filter(each -> each.identity().sessionKey().equals(sessionKey))
                .toList();
        all.forEach(each -> tables.remove(rows.sessions, each.id()));
        tables.remove(rows.inUse, sessionKey);
        return !all.isEmpty();
    }

    long appendEvent(String type, Map<String, String> fields, Instant at) {
        long seq = ++tables.lastSeq;
        tables.put(rows.events, seq, new Happening.Event(seq, type, Map.copyOf(fields), MemoryTables.micros(at)));
        return seq;
    }

    List<Happening> happenings(long afterSeq, int limit) {
        var all = new TreeMap<Long, Happening>();
        rows.lines.tailMap(afterSeq, false).values().stream()
                .filter(this::isOwned)
                .limit(limit)
                .forEach(each -> all.put(each.line().seq(), new Happening.Line(each.line())));
        rows.events.tailMap(afterSeq, false).values().stream().limit(limit).forEach(each -> all.put(each.seq(), each));
        return all.values().stream().limit(limit).toList();
    }

    /** Removes some lines that belong to no session any more; true if there may be more. */
    boolean pruneOrphans() {
        List<Line> orphans = rows.lines.values().stream()
                .filter(each -> !isOwned(each))
                .limit(STEP)
                .toList();
        for (Line each : orphans) {
            tables.remove(rows.lines, each.line().seq());
            tables.remove(rows.lineIds, each.line().lineId());
            tables.remove(linesOf(each.session()), each.line().seq());
        }
        return !orphans.isEmpty();
    }

    /** Removes some events from before a moment, only from the beginning; true if there may be more. */
    boolean pruneEvents(Instant before) {
        List<Happening.Event> old = rows.events.values().stream()
                .takeWhile(each -> each.at().isBefore(before))
                .limit(STEP)
                .toList();
        for (Happening.Event each : old) {
            tables.remove(rows.events, each.seq());
            tables.eventsBefore = each.seq();
        }
        return old.size() == STEP;
    }

    private Session use(SessionIdentity identity, int newLines, Instant at) {
        Session old = inUse(identity.sessionKey());
        long used = tables.nextPlace();
        var now = old == null
                ? new Session(tables.nextPlace(), identity, at, at, newLines, used, 0, SessionUse.NONE)
                : new Session(old.id(), identity, old.createdAt(), at, old.lines() + newLines, used, 0, old.use());
        save(now);
        return now;
    }

    private void save(Session session) {
        tables.put(rows.sessions, session.id(), session);
        if (session.archive() == 0) {
            tables.put(rows.inUse, session.identity().sessionKey(), session.id());
        }
    }

    private long append(Session session, NewLine line) {
        if (rows.lineIds.containsKey(line.lineId())) {
            throw new StoreException(StoreException.Kind.CONFLICT, "line " + line.lineId() + " exists");
        }
        long seq = ++tables.lastSeq;
        var stored = new StoredLine(
                seq,
                line.lineId(),
                session.identity().sessionKey(),
                line.role(),
                line.content(),
                MemoryTables.micros(line.at()),
                Map.copyOf(line.metadata()));
        var row = new Line(session.id(), stored, Body.ofLine(line).length);
        tables.put(rows.lineIds, line.lineId(), seq);
        tables.put(rows.lines, seq, row);
        tables.put(linesOf(session.id()), seq, row);
        return seq;
    }

    private @Nullable Session inUse(String sessionKey) {
        Long id = rows.inUse.get(sessionKey);
        return id == null ? null : rows.sessions.get(id);
    }

    private NavigableMap<Long, Line> linesOf(long session) {
        return rows.linesOf.computeIfAbsent(session, any -> new TreeMap<>());
    }

    private boolean isOwned(Line line) {
        return rows.sessions.containsKey(line.session());
    }
}
