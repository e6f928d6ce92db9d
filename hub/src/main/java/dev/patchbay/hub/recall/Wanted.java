package dev.patchbay.hub.recall;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/**
 * What somebody looks for: runs of words. A run is what stands without a blank between, like a name with a hyphen or a sentence in
 * Chinese, and has to occur as such. Nothing in it is an operator. Immutable.
 */
record Wanted(List<Run> runs) {
    static final int QUERY_MAX = 1_000;
    static final int RUNS_MAX = 50;

    /** What may stand inside a name, an address or a number without ending it. */
    private static final String JOINTS = ".'\u2019_-@:/+#&=~";

    /** A word of a run, and whether its writing has no blanks. */
    record Word(String text, boolean isUnspaced) {}

    /** Words in a row. */
    record Run(List<Word> words) {
        Run {
            words = List.copyOf(words);
        }
    }

    Wanted {
        runs = List.copyOf(runs);
    }

    static Wanted of(String query) {
        String text = query.substring(0, end(query));
        Set<Run> runs = new LinkedHashSet<>();
        var run = new ArrayList<Word>();
        int[] end = {0};
        new Words().read(text, (word, from, to) -> {
            boolean isUnspaced = Writings.of(text.codePointAt(from)) == Writings.UNSPACED;
            boolean isGoingOn = !run.isEmpty()
                    && (end[0] == from || (!isUnspaced && !run.getLast().isUnspaced() && isJoint(text, end[0], from)));
            if (!run.isEmpty() && !isGoingOn) {
                runs.add(new Run(run));
                run.clear();
            }
            run.add(new Word(word, isUnspaced));
            end[0] = to;
            return runs.size() < RUNS_MAX;
        });
        if (!run.isEmpty() && runs.size() < RUNS_MAX) {
            runs.add(new Run(run));
        }
        return new Wanted(List.copyOf(runs));
    }

    /** Whether there is anything to look for at all. */
    boolean isNothing() {
        return runs.isEmpty();
    }

    Query query(Optional<String> sessionKey, Optional<Set<String>> agents) {
        var all = new BooleanQuery.Builder();
        for (Run each : runs) {
            all.add(query(each), Occur.MUST);
        }
        sessionKey.ifPresent(key -> all.add(new TermQuery(new Term(Fields.SESSION, key)), Occur.FILTER));
        agents.ifPresent(ids -> all.add(
                new TermInSetQuery(Fields.AGENT, ids.stream().map(BytesRef::new).toList()), Occur.FILTER));
        return all.build();
    }

    /** Up to where a query is looked at: half a word would not be found. */
    private static int end(String query) {
        if (query.length() <= QUERY_MAX) {
            return query.length();
        }
        int end = QUERY_MAX;
        while (end > 0 && Writings.of(query.charAt(end)) == Writings.SPACED) {
            end--;
        }
        // One long word: as it is cut in a text, too.
        return end == 0 ? QUERY_MAX - QUERY_MAX % WordStream.WORD_MAX : end;
    }

    private static boolean isJoint(String text, int from, int to) {
        return to - from == 1 && JOINTS.indexOf(text.charAt(from)) >= 0;
    }

    private static Query query(Run run) {
        List<Word> words = run.words();
        if (words.size() == 1) {
            return new TermQuery(term(words.getFirst().text()));
        }
        var phrase = new PhraseQuery.Builder();
        int i = 0;
        while (i < words.size()) {
            boolean isPair = isPair(words, i);
            phrase.add(
                    term(
                            isPair
                                    ? words.get(i).text() + words.get(i + 1).text()
                                    : words.get(i).text()),
                    i);
            // Every second pair is enough; the last of an odd number overlaps the one before.
            i += isPair && (i + 2 == words.size() || !words.get(i + 2).isUnspaced() || isPair(words, i + 2)) ? 2 : 1;
        }
        return phrase.build();
    }

    private static boolean isPair(List<Word> words, int i) {
        return i + 1 < words.size()
                && words.get(i).isUnspaced()
                && words.get(i + 1).isUnspaced();
    }

    private static Term term(String word) {
        return new Term(Fields.TEXT, word);
    }
}
