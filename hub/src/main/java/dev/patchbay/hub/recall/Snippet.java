package dev.patchbay.hub.recall;

import java.util.ArrayList;
import java.util.List;

/** Cuts out of a text the place where most of what is looked for stands together, and marks it. */
final class Snippet {
    /** With marks and dots. */
    static final int LENGTH_MAX = 200;

    private static final String MARK = "**";
    private static final String DOTS = "…";
    private static final int TEXT_MAX = 150;
    private static final int BEFORE_MAX = 50;

    /** How far a cut may move so that it falls between words. */
    private static final int BLANK_WITHIN = 15;

    private static final int HITS_MAX = 500;
    private static final int PAST_ALL = 2_000;

    private Snippet() {}

    /** Where a run occurs. */
    private record Hit(int run, int from, int to) {}

    static String of(String text, Wanted wanted) {
        List<Hit> hits = hits(text, wanted);
        if (hits.isEmpty()) {
            return write(text, 0, cutBefore(text, Math.min(text.length(), TEXT_MAX)), List.of());
        }
        Hit first = best(hits);
        int last = first.to();
        for (Hit each : hits) {
            if (each.from() >= first.from() && each.to() <= first.from() + TEXT_MAX) {
                last = Math.max(last, each.to());
            }
        }
        last = Math.min(last, first.from() + TEXT_MAX);
        int before = Math.min(BEFORE_MAX, (TEXT_MAX - (last - first.from())) / 2);
        int from = cutAfter(text, Math.max(0, first.from() - before), first.from());
        int to = Math.min(text.length(), from + TEXT_MAX);
        return write(text, from, Math.max(cutBefore(text, to), Math.min(last, to)), hits);
    }

    /** All of them until each run has been seen, and those a little after. */
    private static List<Hit> hits(String text, Wanted wanted) {
        var words = new ArrayList<String>();
        var starts = new ArrayList<Integer>();
        var hits = new ArrayList<Hit>();
        var seen = new boolean[wanted.runs().size()];
        int[] missing = {seen.length};
        int[] stopAt = {Integer.MAX_VALUE};
        new Words().read(text, (word, from, to) -> {
            words.add(word);
            starts.add(from);
            for (int run = 0; run < seen.length; run++) {
                int begin = words.size() - wanted.runs().get(run).words().size();
                if (begin >= 0 && stands(wanted.runs().get(run), words, begin)) {
                    hits.add(new Hit(run, starts.get(begin), to));
                    if (!seen[run]) {
                        seen[run] = true;
                        missing[0]--;
                        stopAt[0] = missing[0] == 0 ? to + PAST_ALL : stopAt[0];
                    }
                }
            }
            return hits.size() < HITS_MAX && to < stopAt[0];
        });
        return hits;
    }

    private static boolean stands(Wanted.Run run, List<String> words, int begin) {
        for (int i = run.words().size() - 1; i >= 0; i--) {
            if (!words.get(begin + i).equals(run.words().get(i).text())) {
                return false;
            }
        }
        return true;
    }

    /** The first one of those that have most different runs within reach. */
    private static Hit best(List<Hit> hits) {
        Hit best = hits.getFirst();
        long most = 0;
        for (Hit first : hits) {
            long together = hits.stream()
                    .filter(each -> each.from() >= first.from() && each.to() <= first.from() + TEXT_MAX)
                    .mapToInt(Hit::run)
                    .distinct()
                    .count();
            if (together > most) {
                most = together;
                best = first;
            }
        }
        return best;
    }

    private static String write(String text, int from, int to, List<Hit> hits) {
        var marked = new boolean[to - from];
        for (Hit each : hits) {
            for (int i = Math.max(from, each.from()); i < Math.min(to, each.to()); i++) {
                marked[i - from] = true;
            }
        }
        var out = new StringBuilder(from > 0 ? DOTS : "");
        int end = to < text.length() ? DOTS.length() : 0;
        boolean isOpen = false;
        int i = from;
        while (i < to) {
            boolean isHit = marked[i - from];
            // What follows a mark must leave room for its other half.
            if (isHit != isOpen && (isOpen || out.length() + (to - i) + end + 2 * MARK.length() <= LENGTH_MAX)) {
                out.append(MARK);
                isOpen = isHit;
            }
            char character = text.charAt(i++);
            if (Character.isWhitespace(character) || Character.isISOControl(character)) {
                if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
                    out.append(' ');
                }
            } else {
                out.append(character);
            }
        }
        return out.append(isOpen ? MARK : "").append(end > 0 ? DOTS : "").toString();
    }

    /** A place at or a little after {@code at}, where a word begins; never inside a character. */
    private static int cutAfter(String text, int at, int most) {
        if (at == 0) {
            return 0;
        }
        for (int i = at; i < Math.min(most, at + BLANK_WITHIN); i++) {
            if (Character.isWhitespace(text.charAt(i))) {
                return i + 1;
            }
        }
        return Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
    }

    /** A place at or a little before {@code at}, where a word ends; never inside a character. */
    private static int cutBefore(String text, int at) {
        if (at >= text.length()) {
            return text.length();
        }
        for (int i = at; i > Math.max(0, at - BLANK_WITHIN); i--) {
            if (Character.isWhitespace(text.charAt(i))) {
                return i;
            }
        }
        return Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
    }
}
