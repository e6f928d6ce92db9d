package dev.patchbay.hub.recall;

import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.store.TranscriptLine;
import dev.patchbay.hub.store.Transcripts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Queue;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopFieldDocs;

/** One search after another in an index, each line that is found read from the store. Safe for many threads. */
final class Search {
    private static final Duration MOST = Duration.ofSeconds(2);

    /** So many pages are looked through when lines that were found are gone. */
    private static final int ROUNDS_MAX = 20;

    private static final Sort BEST_THEN_NEWEST =
            new Sort(SortField.FIELD_SCORE, new SortField(Fields.SEQ, SortField.Type.LONG, true));

    private final Transcripts store;
    private final Queue<Long> gone;
    private final Stopwatch time;

    /**
     * Makes one.
     *
     * @param gone takes lines that are in the index and no longer in the store, as long as it has room
     */
    Search(Transcripts store, Queue<Long> gone, Stopwatch time) {
        this.store = store;
        this.gone = gone;
        this.time = time;
    }

    /** What the index as shown last brings of the query, whose words are {@code wanted}. */
    Findings run(LineQuery query, Wanted wanted, SearcherManager searchers) throws IOException, InterruptedException {
        IndexSearcher shared = searchers.acquire();
        try {
            return run(query, wanted, shared.getIndexReader());
        } finally {
            searchers.release(shared);
        }
    }

    private Findings run(LineQuery query, Wanted wanted, IndexReader reader) throws IOException, InterruptedException {
        var searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
        long until = time.nanos() + MOST.toNanos();
        searcher.setTimeout(() -> time.nanos() - until > 0);
        var lucene = wanted.query(query.sessionKey(), query.agents());
        var lines = new ArrayList<FoundLine>();
        FieldDoc last = null;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            int most = query.limit();
            TopFieldDocs found = searcher.search(lucene, new TopFieldCollectorManager(BEST_THEN_NEWEST, most, last, 1));
            for (ScoreDoc each : found.scoreDocs) {
                last = (FieldDoc) each;
                long seq = (Long) last.fields[1];
                Optional<TranscriptLine> line = store.at(seq);
                if (line.isEmpty()) {
                    boolean ignored = gone.offer(seq);
                } else if (isFor(query, line.get())) {
                    lines.add(found(line.get(), wanted, (Float) last.fields[0]));
                }
                if (lines.size() == query.limit()) {
                    return new Findings(lines, true);
                }
            }
            if (searcher.timedOut()) {
                return new Findings(lines, false);
            }
            if (found.scoreDocs.length < most) {
                return new Findings(lines, true);
            }
        }
        return new Findings(lines, false);
    }

    /** The index is only believed about words, never about whose a line is. */
    private static boolean isFor(LineQuery query, TranscriptLine line) {
        return query.agents().map(ids -> ids.contains(line.agentId())).orElse(true)
                && query.sessionKey()
                        .map(key -> key.equals(line.line().sessionKey()))
                        .orElse(true);
    }

    private static FoundLine found(TranscriptLine line, Wanted wanted, float score) {
        return new FoundLine(
                line.line().sessionKey(),
                line.line().lineId(),
                line.agentId(),
                line.line().role(),
                Snippet.of(line.line().content(), wanted),
                line.line().at(),
                score);
    }
}
