package dev.patchbay.hub.recall;

import dev.patchbay.hub.metrics.Seldom;
import dev.patchbay.hub.store.Folders;
import dev.patchbay.hub.store.StoreIdentity;
import dev.patchbay.hub.store.TranscriptLine;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.NumericUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the index. What they hold and up to which place of which store is one commit, so that after any crash the next line to
 * read is known. For one thread, which nobody may interrupt: that would close the files.
 */
final class Index {
    private static final Logger log = LoggerFactory.getLogger(Index.class);

    private static final String FORM = "form";
    private static final String STORE = "store";
    private static final String COMMIT_NUMBER = "commit_number";
    private static final String POSITION = "position";

    private static final double RAM_MB = 4;

    /** Merges run in our one thread: none may take long. */
    private static final double SEGMENT_MB = 128;

    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final Words words = new Words();
    private final Seldom unfitTold = new Seldom();
    private long position;
    private boolean isChanged;

    private Index(IndexWriter writer, SearcherManager searchers, long position) {
        this.writer = writer;
        this.searchers = searchers;
        this.position = position;
    }

    /**
     * Opens the index of a store. One that is damaged, of another store, made in another way or ahead of the store is emptied.
     *
     * @throws IOException if the disk does not let it
     */
    static Index open(Path folder, StoreIdentity store) throws IOException {
        Folders.make(folder);
        long position = position(folder, store);
        if (position < 0) {
            empty(folder);
            position = 0;
        }
        var merging = new TieredMergePolicy();
        merging.setMaxMergedSegmentMB(SEGMENT_MB);
        var writer = new IndexWriter(
                new MMapDirectory(folder),
                new IndexWriterConfig(new KeywordAnalyzer())
                        .setRAMBufferSizeMB(RAM_MB)
                        .setMergePolicy(merging)
                        .setMergeScheduler(new SerialMergeScheduler())
                        .setCommitOnClose(false));
        try {
            return new Index(writer, new SearcherManager(writer, null), position);
        } catch (IOException | RuntimeException failed) {
            closeQuietly(writer);
            throw failed;
        }
    }

    /** Up to where the index there has come; -1 if it is of no use. */
    private static long position(Path folder, StoreIdentity store) throws IOException {
        // Read as files: to read all of it through memory maps would count as memory of ours.
        try (Directory files = new NIOFSDirectory(folder)) {
            if (!DirectoryReader.indexExists(files)) {
                return -1;
            }
            try (DirectoryReader reader = DirectoryReader.open(files)) {
                Map<String, String> made = reader.getIndexCommit().getUserData();
                if (!String.valueOf(Words.FORM).equals(made.get(FORM))
                        || !store.storeId().toString().equals(made.get(STORE))
                        || Long.parseLong(made.getOrDefault(COMMIT_NUMBER, "")) > store.commitNumber()) {
                    log.info(
                            "The index for searches in {} is not of this store as it is now; it is made again", folder);
                    return -1;
                }
                for (LeafReaderContext each : reader.leaves()) {
                    each.reader().checkIntegrity();
                }
                return Long.parseLong(made.getOrDefault(POSITION, ""));
            } catch (IOException | RuntimeException damaged) {
                log.warn(
                        "The index for searches in {} cannot be used ({}); it is made again",
                        folder,
                        damaged.getMessage());
                return -1;
            }
        }
    }

    private static void empty(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
            for (Path each : files) {
                Files.delete(each);
            }
        }
    }

    /** Everything up to here is in it. */
    long position() {
        return position;
    }

    /** Whether there is anything that is not committed. */
    boolean isChanged() {
        return isChanged;
    }

    /** To search with; stays usable after {@link #close} until it is closed itself. */
    SearcherManager searchers() {
        return searchers;
    }

    /** How many lines it holds, those not merged away among them. */
    int lines() {
        return writer.getDocStats().maxDoc;
    }

    /** Takes lines in, in order. */
    void add(List<TranscriptLine> lines, long to) throws IOException {
        for (TranscriptLine each : lines) {
            add(each);
        }
        position = to;
    }

    private void add(TranscriptLine line) throws IOException {
        var document = new Document();
        long seq = line.line().seq();
        document.add(new LongPoint(Fields.SEQ, seq));
        document.add(new NumericDocValuesField(Fields.SEQ, seq));
        document.add(new StringField(Fields.TRANSCRIPT, transcript(line.transcript()), Field.Store.NO));
        document.add(new StringField(Fields.AGENT, line.agentId(), Field.Store.NO));
        document.add(new StringField(Fields.SESSION, line.line().sessionKey(), Field.Store.NO));
        document.add(new TextField(Fields.TEXT, words.of(line.line().content())));
        isChanged = true;
        try {
            writer.addDocument(document);
        } catch (RuntimeException unfit) {
            if (!writer.isOpen()) {
                throw unfit;
            }
            // One line that cannot be taken in must not hold up those after it.
            unfitTold.tell(
                    more -> log.warn("Line {} will not be found{}", line.line().lineId(), more, unfit));
        }
    }

    void forgetTranscript(long transcript) throws IOException {
        writer.deleteDocuments(new Term(Fields.TRANSCRIPT, transcript(transcript)));
        isChanged = true;
    }

    void forgetLine(long seq) throws IOException {
        writer.deleteDocuments(LongPoint.newExactQuery(Fields.SEQ, seq));
        isChanged = true;
    }

    /** Some transcripts that it knows, in order, after one; -1 begins. */
    List<Long> transcripts(long after, int limit) throws IOException {
        var found = new ArrayList<Long>();
        var searcher = searchers.acquire();
        try {
            Terms terms = MultiTerms.getTerms(searcher.getIndexReader(), Fields.TRANSCRIPT);
            if (terms == null) {
                return found;
            }
            TermsEnum each = terms.iterator();
            TermsEnum.SeekStatus place = each.seekCeil(transcript(after + 1));
            for (BytesRef term = place == TermsEnum.SeekStatus.END ? null : each.term();
                    term != null && found.size() < limit;
                    term = each.next()) {
                found.add(NumericUtils.sortableBytesToLong(term.bytes, term.offset));
            }
        } finally {
            searchers.release(searcher);
        }
        return found;
    }

    /** From here on searches see what was done. */
    void show() throws IOException {
        searchers.maybeRefreshBlocking();
    }

    /** Writes all of it to disk, with how far it has come. */
    void commit(StoreIdentity store) throws IOException {
        writer.setLiveCommitData(Map.of(
                        FORM, String.valueOf(Words.FORM),
                        STORE, store.storeId().toString(),
                        COMMIT_NUMBER, String.valueOf(store.commitNumber()),
                        POSITION, String.valueOf(position))
                .entrySet());
        writer.commit();
        isChanged = false;
    }

    /** Leaves the files as of the latest commit. */
    void close() {
        closeQuietly(writer);
    }

    private static void closeQuietly(IndexWriter writer) {
        try {
            writer.rollback();
            writer.getDirectory().close();
        } catch (IOException | RuntimeException whatever) {
            log.debug("The index did not close well; what counts is its latest commit", whatever);
        }
    }

    private static BytesRef transcript(long number) {
        var bytes = new byte[Long.BYTES];
        NumericUtils.longToSortableBytes(number, bytes, 0);
        return new BytesRef(bytes);
    }
}
