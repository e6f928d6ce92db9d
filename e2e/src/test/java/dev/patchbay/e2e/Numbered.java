package dev.patchbay.e2e;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Messages that can be told apart and put in order: each begins with its number, some are long, some bring a file. */
final class Numbered {
    private static final Pattern MARK = Pattern.compile("(?m)^(\\d+)(?:/(\\d+))?(?= |$)");
    /** More than one message of Telegram's, and more than two of Discord's. */
    private static final int LINES = 45;

    private static final String FILLER = String.join(" ", Collections.nCopies(20, "more"));

    private Numbered() {}

    /** One line of one message; of short messages the only one. */
    record Mark(int number, int line) {
        static final Mark FIRST = new Mark(1, 1);
    }

    static String text(int number, boolean mayBeLong) {
        if (!isLong(number, mayBeLong)) {
            return Integer.toString(number);
        }
        var text = new StringBuilder();
        for (int line = 1; line <= LINES; line++) {
            text.append(line == 1 ? "" : "\n")
                    .append(number)
                    .append('/')
                    .append(line)
                    .append(' ')
                    .append(FILLER);
        }
        return text.toString();
    }

    static Mark after(Mark mark, boolean mayBeLong) {
        return mark.line() < (isLong(mark.number(), mayBeLong) ? LINES : 1)
                ? new Mark(mark.number(), mark.line() + 1)
                : new Mark(mark.number() + 1, 1);
    }

    static boolean hasFile(int number) {
        return number % 15 == 5;
    }

    static byte[] file(int number) {
        return ("the file of " + number).getBytes(StandardCharsets.UTF_8);
    }

    /** What is in a message, or in a part of one. */
    static List<Mark> read(String text) {
        return MARK.matcher(text).results().map(Numbered::mark).toList();
    }

    private static Mark mark(MatchResult found) {
        return new Mark(
                Integer.parseInt(found.group(1)), found.group(2) == null ? 1 : Integer.parseInt(found.group(2)));
    }

    private static boolean isLong(int number, boolean mayBeLong) {
        return mayBeLong && number % 20 == 10 && !hasFile(number);
    }
}
