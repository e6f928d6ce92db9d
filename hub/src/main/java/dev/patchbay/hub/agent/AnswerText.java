package dev.patchbay.hub.agent;

/**
 * The text of an answer while it grows, kept fit for UTF-8: half a surrogate pair without its other half becomes U+FFFD; one at
 * the end waits for what comes next. For one thread at a time.
 */
final class AnswerText {
    private final StringBuilder text = new StringBuilder();
    private long utf8Bytes;
    private int settled;
    private int taken;
    private boolean spoken;

    /** The text with U+FFFD for every half pair; the same object if there is none. */
    static String wellFormed(String text) {
        if (text.chars().noneMatch(each -> Character.isSurrogate((char) each))) {
            return text;
        }
        var whole = new AnswerText();
        whole.append(text);
        return whole.finish();
    }

    void append(String piece) {
        text.append(piece);
        settle(false);
    }

    /** The text as it stays. */
    String finish() {
        settle(true);
        return text.toString();
    }

    /** What may be shown and was not taken yet. Empty as long as all is blank: a blank answer is silence. */
    String take() {
        if (!spoken) {
            return "";
        }
        String piece = text.substring(taken, settled);
        taken = settled;
        return piece;
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    boolean isTaken() {
        return taken > 0;
    }

    long utf8Bytes() {
        return utf8Bytes;
    }

    private void settle(boolean last) {
        int end = text.length();
        while (settled < end) {
            char here = text.charAt(settled);
            if (Character.isHighSurrogate(here) && settled + 1 == end && !last) {
                return;
            }
            int width = 1;
            if (!Character.isSurrogate(here)) {
                utf8Bytes += here < 0x80 ? 1 : here < 0x800 ? 2 : 3;
                spoken |= !Character.isWhitespace(here);
            } else if (settled + 1 < end && Character.isSurrogatePair(here, text.charAt(settled + 1))) {
                width = 2;
                utf8Bytes += 4;
                spoken = true;
            } else {
                text.setCharAt(settled, '\uFFFD');
                utf8Bytes += 3;
                spoken = true;
            }
            settled += width;
        }
    }
}
