package dev.patchbay.hub.recall;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.store.H2Store;
import dev.patchbay.hub.store.NewInbound;
import dev.patchbay.hub.store.NewLine;
import dev.patchbay.hub.store.SessionIdentity;
import dev.patchbay.hub.store.TestStores;
import dev.patchbay.hub.store.TurnEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/** A real store in which things are said, and the index of it, kept step by step. For one thread. */
final class Spoken implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final long ROOM = 1L << 40;

    private final Path folder;
    private final Queue<Long> gone = new ArrayDeque<>();
    private H2Store store;
    private Index index;
    private Follower follower;
    private long room = ROOM;
    private int said;

    Spoken(Path folder) throws Exception {
        this.folder = folder;
        store = TestStores.h2(folder);
        index = Index.open(indexFolder(), store.identity());
        follower = begin();
    }

    static String session(String agent, String peer) {
        return "agent:" + agent + ":cli:direct:" + peer;
    }

    H2Store store() {
        return store;
    }

    Index index() {
        return index;
    }

    Path indexFolder() {
        return folder.resolve("index");
    }

    /** What peer anna says to agent main; the line's id. */
    String say(String text) throws InterruptedException {
        return say("main", "anna", text, false);
    }

    String say(String agent, String peer, String text) throws InterruptedException {
        return say(agent, peer, text, false);
    }

    /** The last thing said before the transcript is put away. */
    String sayGoodBye(String agent, String peer, String text) throws InterruptedException {
        return say(agent, peer, text, true);
    }

    /** Everything that was committed until now is taken in. */
    void keepUp() throws Exception {
        while (!follower.step()) {
            Thread.onSpinWait();
        }
    }

    void commit() throws Exception {
        follower.commit();
    }

    void leave(long bytes) {
        room = bytes;
    }

    /** As after a kill: what was not committed of the index is lost. */
    void reopenIndex() throws Exception {
        close(index);
        index = Index.open(indexFolder(), store.identity());
        follower = begin();
    }

    void closeAll() {
        close(index);
        store.close();
    }

    /** After {@link #closeAll}. */
    void openAll() throws Exception {
        store = TestStores.h2(folder);
        index = Index.open(indexFolder(), store.identity());
        follower = begin();
    }

    List<FoundLine> find(String words) throws Exception {
        return find(new LineQuery(words, Optional.empty(), Optional.empty(), 100));
    }

    List<FoundLine> findOf(Set<String> agents, String words) throws Exception {
        return find(new LineQuery(words, Optional.empty(), Optional.of(agents), 100));
    }

    List<FoundLine> find(LineQuery query) throws Exception {
        return new Search(store.transcripts(), gone, Stopwatch.SYSTEM)
                .run(query, Wanted.of(query.words()), index.searchers())
                .lines();
    }

    /** The ids of the lines in which these words occur. */
    List<String> ids(String words) throws Exception {
        return find(words).stream().map(FoundLine::messageId).toList();
    }

    @Override
    public void close() {
        closeAll();
    }

    private Follower begin() throws Exception {
        var begun = new Follower(store.transcripts(), index, () -> room, Stopwatch.SYSTEM, gone);
        begun.compare();
        return begun;
    }

    private String say(String agent, String peer, String text, boolean archives) throws InterruptedException {
        String id = "m" + ++said;
        store.accept(
                new NewInbound(id, session(agent, peer), agent, "cli", Optional.empty(), text.getBytes(UTF_8), NOON));
        store.completeTurn(new TurnEnd(
                id,
                new SessionIdentity(session(agent, peer), agent, "cli", "local", "direct", peer),
                List.of(new NewLine(id, "user", text, NOON.plusSeconds(said), Map.of())),
                List.of(),
                Optional.empty(),
                archives));
        return id;
    }

    private static void close(Index index) {
        index.close();
        try {
            index.searchers().close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
