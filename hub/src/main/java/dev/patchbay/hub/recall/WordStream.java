package dev.patchbay.hub.recall;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;

/**
 * Cuts a text into words. Where a writing has no blanks, each character is a word, and so is each with its neighbour, in the same
 * place: the pairs are what makes a search for several characters quick. For one thread.
 */
final class WordStream extends TokenStream {
    /** A longer word, be it a hash or a file in Base64, is cut into several in a row. */
    static final int WORD_MAX = 64;

    /** Nobody writes so much by hand; the rest of a line is not looked at. */
    static final int TEXT_MAX = 1_000_000;

    private static final int FIRST_ACCENT = 0x0300;
    private static final int LAST_ACCENT = 0x036F;

    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final OffsetAttribute offset = addAttribute(OffsetAttribute.class);
    private final PositionIncrementAttribute increment = addAttribute(PositionIncrementAttribute.class);

    private String text = "";
    private int at;
    private int end;
    private int pairFrom = -1;

    /** Begins with another text. */
    void begin(String another) {
        text = another;
        at = 0;
        end = Math.min(another.length(), TEXT_MAX);
        pairFrom = -1;
    }

    @Override
    public boolean incrementToken() {
        clearAttributes();
        if (pairFrom >= 0) {
            emit(pairFrom, at + Character.charCount(text.codePointAt(at)), 0);
            pairFrom = -1;
            return true;
        }
        while (at < end) {
            int character = text.codePointAt(at);
            int next = at + Character.charCount(character);
            switch (Writings.of(character)) {
                case UNSPACED -> {
                    int from = at;
                    at = next;
                    pairFrom = at < end && Writings.of(text.codePointAt(at)) == Writings.UNSPACED ? from : -1;
                    emit(from, next, 1);
                    return true;
                }
                case SPACED -> {
                    word();
                    return true;
                }
                case MARK, OTHER -> at = next;
            }
        }
        return false;
    }

    private void word() {
        int from = at;
        while (at < end && term.length() < WORD_MAX) {
            int character = text.codePointAt(at);
            Writings writing = Writings.of(character);
            if (writing != Writings.SPACED && writing != Writings.MARK) {
                break;
            }
            // An accent may be written as part of its letter or after it: neither counts.
            if (character < FIRST_ACCENT || character > LAST_ACCENT) {
                term.append(text, at, at + Character.charCount(character));
            }
            at += Character.charCount(character);
        }
        offset.setOffset(from, at);
        increment.setPositionIncrement(1);
    }

    private void emit(int from, int to, int step) {
        term.append(text, from, to);
        offset.setOffset(from, to);
        increment.setPositionIncrement(step);
    }
}
