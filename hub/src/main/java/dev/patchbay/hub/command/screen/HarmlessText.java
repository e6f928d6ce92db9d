package dev.patchbay.hub.command.screen;

/**
 * Makes text from elsewhere fit for a terminal: escape sequences, control characters and marks that turn the direction of
 * writing become visible signs. Line breaks and tabs stay. For one stream of text, whose pieces may be cut anywhere; one thread.
 */
public final class HarmlessText {
    private static final char PICTURE_OF_DELETE = '\u2421';
    private static final char PICTURES = '\u2400';

    private char waiting;

    /** The next piece of a stream. Half a character at its end waits for the other half. */
    public String next(String piece) {
        var text = new StringBuilder(piece.length());
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (waiting != 0) {
                text.append(Character.isLowSurrogate(c) ? "" + waiting + c : "\ufffd");
                boolean isWhole = Character.isLowSurrogate(c);
                waiting = 0;
                if (isWhole) {
                    continue;
                }
            }
            if (Character.isHighSurrogate(c)) {
                waiting = c;
            } else if (c != '\r') {
                text.append(shown(c));
            }
        }
        return text.toString();
    }

    /** A whole text. */
    public static String of(String text) {
        var stream = new HarmlessText();
        String shown = stream.next(text);
        return stream.waiting == 0 ? shown : shown + "\ufffd";
    }

    /** A whole text on one line. */
    public static String line(String text) {
        return of(text).replace('\n', '\u23ce').replace('\t', ' ');
    }

    private static char shown(char c) {
        if (c == '\n' || c == '\t') {
            return c;
        }
        if (c < ' ') {
            return (char) (PICTURES + c);
        }
        if (c == 0x7f) {
            return PICTURE_OF_DELETE;
        }
        return isUnseen(c) || Character.isLowSurrogate(c) ? '\ufffd' : c;
    }

    /** C1 controls steer some terminals as ESC does; the others make a line read otherwise than it is written. */
    private static boolean isUnseen(char c) {
        return (c >= 0x80 && c <= 0x9f)
                || c == '\u061c'
                || c == '\u200e'
                || c == '\u200f'
                || (c >= '\u2028' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069')
                || c == '\ufeff';
    }
}
