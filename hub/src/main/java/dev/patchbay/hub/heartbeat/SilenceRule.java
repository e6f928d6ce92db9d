package dev.patchbay.hub.heartbeat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When an answer means "nothing to say". The word counts at the start or the end of the answer, with whatever marks stand around it;
 * in the middle it is text like any other. Immutable.
 *
 * @param word compared with case
 * @param maxChars beside the word, so many characters are still nothing
 */
public record SilenceRule(String word, int maxChars) {
    /** An answer that repeats the word more often than this is strange, and is shown with the rest of them. */
    private static final int CUTS_MAX = 20;

    /** What is to be said: the answer, without the word at its edges; empty if it is nothing. */
    public Optional<String> spoken(String answer) {
        String rest = answer.strip();
        boolean isAcknowledged = false;
        for (int cuts = 0; cuts < CUTS_MAX; cuts++) {
            String cut = cut(rest);
            if (cut == null) {
                break;
            }
            isAcknowledged = true;
            rest = cut;
        }
        boolean isNothing = rest.codePoints().noneMatch(Character::isLetterOrDigit);
        boolean isShort = isNothing || rest.codePointCount(0, rest.length()) <= maxChars;
        return rest.isEmpty() || (isAcknowledged && isShort) ? Optional.empty() : Optional.of(rest);
    }

    /** The text without the word at one of its edges; null if it stands at none. */
    private @Nullable String cut(String text) {
        for (int at = 0; at < text.length(); at += width(text, at)) {
            if (isWordAt(text, at)) {
                return text.substring(marksEnd(text, at + word.length())).strip();
            }
            if (Character.isLetterOrDigit(text.codePointAt(at))) {
                break;
            }
        }
        for (int at = text.length() - word.length(); at > 0; at--) {
            int end = at + word.length();
            if (end < text.length() && Character.isLetterOrDigit(text.codePointAt(end))) {
                break;
            }
            if (isWordAt(text, at)) {
                return text.substring(0, marksStart(text, at)).strip();
            }
        }
        return null;
    }

    private boolean isWordAt(String text, int at) {
        return text.startsWith(word, at) && !isWithinWord(text, at) && !isWithinWord(text, at + word.length());
    }

    /** Whether letters go on across this place; underscores between them belong to a word, those outside are marks. */
    private static boolean isWithinWord(String text, int at) {
        int before = at;
        while (before > 0 && text.charAt(before - 1) == '_') {
            before--;
        }
        int after = at;
        while (after < text.length() && text.charAt(after) == '_') {
            after++;
        }
        return before > 0
                && after < text.length()
                && Character.isLetterOrDigit(text.codePointBefore(before))
                && Character.isLetterOrDigit(text.codePointAt(after));
    }

    private static int width(String text, int at) {
        return Character.charCount(text.codePointAt(at));
    }

    /** Past the marks that touch the word: those behind a blank belong to what follows. */
    private static int marksEnd(String text, int from) {
        int at = from;
        while (at < text.length() && isMark(text.codePointAt(at))) {
            at += width(text, at);
        }
        return at;
    }

    private static int marksStart(String text, int from) {
        int at = from;
        while (at > 0 && isMark(text.codePointBefore(at))) {
            at -= Character.charCount(text.codePointBefore(at));
        }
        return at;
    }

    private static boolean isMark(int codePoint) {
        return !Character.isLetterOrDigit(codePoint) && !Character.isWhitespace(codePoint);
    }
}
