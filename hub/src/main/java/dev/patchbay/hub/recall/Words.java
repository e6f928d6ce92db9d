package dev.patchbay.hub.recall;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;

/**
 * The words of a text as they are compared: without case, accents and English endings. The same for what is stored and what is
 * looked for. For one thread.
 */
final class Words {
    /** Another number for another way of cutting: an index made in another way is made again. */
    static final int FORM = 1;

    private final WordStream stream = new WordStream();
    private final TokenStream words = new PorterStemFilter(new ASCIIFoldingFilter(new LowerCaseFilter(stream)));
    private final CharTermAttribute term = words.addAttribute(CharTermAttribute.class);
    private final OffsetAttribute offset = words.addAttribute(OffsetAttribute.class);
    private final PositionIncrementAttribute increment = words.addAttribute(PositionIncrementAttribute.class);

    /** Takes the words of a text, without pairs, until it has enough. */
    @FunctionalInterface
    interface Taker {
        /**
         * Takes one word.
         *
         * @param from where it begins in the text
         * @return whether it wants another
         */
        boolean take(String word, int from, int to);
    }

    /** To be read to its end before the next call. */
    TokenStream of(String text) {
        stream.begin(text);
        return words;
    }

    /** Reads the words of a text in order. */
    void read(String text, Taker taker) {
        stream.begin(text);
        try {
            words.reset();
            while (words.incrementToken()) {
                if (increment.getPositionIncrement() > 0
                        && !taker.take(term.toString(), offset.startOffset(), offset.endOffset())) {
                    break;
                }
            }
            words.end();
            words.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException("a text in memory cannot be read", impossible);
        }
    }
}
