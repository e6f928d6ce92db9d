package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.TextLimit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks the parts of a text by rules of its own, sharing no code with the splitter. */
final class PartsCheck {
    private static final Pattern FENCE = Pattern.compile("^( {0,3})(`{3,}|~{3,})(.*)$", Pattern.DOTALL);
    private static final Pattern FENCE_START = Pattern.compile(" {0,3}(```|~~~)");
    private static final Pattern CHARACTER = Pattern.compile("\\X");
    private static final Pattern SPACE =
            Pattern.compile("[\\s\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000]");

    /** A space so near the end that the closing line of a fence would not fit behind it is no place to cut. */
    private static final int CLOSING_MAX = 8;

    private PartsCheck() {}

    static void check(String label, String text, TextLimit limit, List<String> parts) {
        for (String part : parts) {
            assertThat(units(part, limit.unit())).as("%s: units", label).isLessThanOrEqualTo(limit.max());
            assertThat(part.strip()).as("%s: blank part", label).isNotEmpty();
        }
        if (units(text, limit.unit()) <= limit.max()) {
            assertThat(parts)
                    .as("%s: within the limit", label)
                    .isEqualTo(withoutSpaces(text).isEmpty() ? List.of() : List.of(text));
            return;
        }
        boolean hasLongSigns = Stream.of("`", "~").anyMatch(sign -> text.contains(sign.repeat(limit.max() / 4)));
        if (hasLongSigns || Stream.of(text.split("\n", -1)).anyMatch(line -> isTooLongToRepeat(line, limit))) {
            // Text like any other then, which the parts alone do not tell.
            assertThat(isLeftOf(withoutSpaces(text), withoutSpaces(String.join("", parts))))
                    .as("%s: content", label)
                    .isTrue();
            return;
        }
        for (int i = 0; i < parts.size(); i++) {
            assertThat(cutFence(parts.get(i)).open())
                    .as("%s: fence left open in part %d: %s", label, i, parts.get(i))
                    .isNull();
        }
        List<String> bare = withoutAddedFences(withoutSpaces(text), parts, 0, null);
        assertThat(bare)
                .as("%s: content, or a fence opened again in other words, in %s", label, parts)
                .isNotNull();
        checkCuts(label, text, limit, parts, Objects.requireNonNull(bare));
    }

    /** A fence's line that, with the other one of its fence, may leave no room for code. */
    private static boolean isTooLongToRepeat(String line, TextLimit limit) {
        return FENCE_START.matcher(line).lookingAt() && units(line, TextLimit.Unit.UTF8) >= limit.max() / 4;
    }

    /** Whether this is left when some characters are taken away. */
    private static boolean isLeftOf(String content, String whole) {
        int at = 0;
        for (int i = 0; i < whole.length() && at < content.length(); i++) {
            at += whole.charAt(i) == content.charAt(at) ? 1 : 0;
        }
        return at == content.length();
    }

    /** What the last fence of a part opened with, and what is still open at its end. */
    private record Fences(@Nullable String last, @Nullable String open) {}

    private static Fences cutFence(String part) {
        String open = null;
        String last = null;
        for (String line : part.split("\n", -1)) {
            open = after(open, line);
            last = open == null ? last : open;
        }
        return new Fences(last, open);
    }

    /** Takes away the fence lines that were added, so that the content is the text; null if that cannot be done. */
    private static @Nullable List<String> withoutAddedFences(
            String content, List<String> parts, int i, @Nullable String reopened) {
        if (i == parts.size()) {
            return content.isEmpty() ? new ArrayList<>() : null;
        }
        List<String> lines = new ArrayList<>(List.of(parts.get(i).split("\n", -1)));
        if (reopened != null && !lines.removeFirst().equals(reopened)) {
            return null;
        }
        List<String> rest = after(content, lines, parts, i, null);
        if (rest == null && !lines.isEmpty()) {
            lines.removeLast();
            rest = after(content, lines, parts, i, cutFence(parts.get(i)).last());
            if (rest == null && i + 1 == parts.size()) {
                // The text leaves a fence open, and the last part closes it.
                rest = after(content, lines, parts, i, null);
            }
        }
        return rest;
    }

    private static @Nullable List<String> after(
            String content, List<String> lines, List<String> parts, int i, @Nullable String cut) {
        String mine = String.join("\n", lines);
        String bare = withoutSpaces(mine);
        if (!content.startsWith(bare)) {
            return null;
        }
        List<String> rest = withoutAddedFences(content.substring(bare.length()), parts, i + 1, cut);
        if (rest != null) {
            rest.addFirst(mine);
        }
        return rest;
    }

    private static @Nullable String after(@Nullable String open, String line) {
        Matcher fence = FENCE.matcher(line.stripTrailing());
        if (!fence.matches()) {
            return open;
        }
        String marker = fence.group(2);
        if (open == null) {
            return marker.startsWith("`") && fence.group(3).contains("`") ? null : line.stripTrailing();
        }
        Matcher opening = FENCE.matcher(open);
        assertThat(opening.matches()).isTrue();
        boolean closes = marker.startsWith(opening.group(2)) && fence.group(3).isBlank();
        return closes ? null : open;
    }

    /** Cuts fall between characters, and at white space where there is any near. */
    private static void checkCuts(String label, String text, TextLimit limit, List<String> parts, List<String> bare) {
        int index = 0;
        for (int i = 0; i + 1 < bare.size(); i++) {
            int start = index;
            String content = withoutSpaces(bare.get(i));
            int seen = 0;
            int from = -1;
            while (seen < content.length()) {
                if (!isSpace(text.charAt(index))) {
                    from = from < 0 ? index : from;
                    seen++;
                }
                index++;
            }
            if (isSpace(text.charAt(index))) {
                continue;
            }
            assertThat(Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index)))
                    .as("%s: cut inside a surrogate pair", label)
                    .isFalse();
            checkCharacter(label, text, limit, index, parts.get(i));
            String mine = bare.get(i);
            int added = parts.get(i).length() - mine.stripLeading().length();
            if (limit.unit() == TextLimit.Unit.UTF16 && !isCjk(text.charAt(index - 1)) && !isCjk(text.charAt(index))) {
                int end = Math.min(
                        text.stripTrailing().length(), from + limit.max() - added - (added > 0 ? CLOSING_MAX : 0));
                int lastQuarter = Math.max(start, end - (limit.max() - added) / 4 + 2);
                assertThat(spaces(text, lastQuarter, end))
                        .as("%s: word cut at %d of %d..%d though spaces are near", label, index, from, end)
                        .isEmpty();
            }
        }
    }

    private static List<Integer> spaces(String text, int from, int to) {
        var spaces = new ArrayList<Integer>();
        for (int i = from; i < to; i++) {
            boolean combines =
                    i + 1 < text.length() && (isCombining(text.codePointAt(i + 1)) || isSpace(text.charAt(i + 1)));
            if (SPACE.matcher(text.substring(i, i + 1)).matches() && !combines && !belongsToFence(text, i)) {
                spaces.add(i);
            }
        }
        return spaces;
    }

    /** True between a fence's first line and its code, and before signs that would become a fence at the start of a part. */
    private static boolean belongsToFence(String text, int i) {
        String before = text.substring(0, i).stripTrailing();
        String after = text.substring(i).stripLeading();
        return FENCE.matcher(before.substring(before.lastIndexOf('\n') + 1)).matches()
                || after.startsWith("```")
                || after.startsWith("~~~");
    }

    private static boolean isCombining(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || codePoint == 0x200D
                || (codePoint >= 0x1F3FB && codePoint <= 0x1F3FF);
    }

    private static void checkCharacter(String label, String text, TextLimit limit, int index, String part) {
        Matcher characters = CHARACTER.matcher(text);
        // A space always ends a character unless something combines with it, so look from the one before.
        int from = index;
        while (from > 0 && !(text.charAt(from - 1) == ' ' || text.charAt(from - 1) == '\n')) {
            from--;
        }
        characters.region(from, text.length());
        while (characters.find() && characters.start() < index) {
            if (characters.end() > index) {
                assertThat(units(characters.group(), limit.unit()))
                        .as("%s: cut inside a character that fits, at %d", label, index)
                        .isGreaterThan(part.contains("```") || part.contains("~~~") ? limit.max() / 4 : limit.max());
            }
        }
    }

    private static boolean isCjk(char c) {
        return (c >= '\u2E80' && c <= '\u9FFF') || c >= '\uFF00';
    }

    private static boolean isSpace(char c) {
        boolean isSeparator = c >= '\u001c' && c <= '\u001f';
        return SPACE.matcher(Character.toString(c)).matches() || isSeparator || c == '\u0085' || c == '\u00a0';
    }

    private static String withoutSpaces(String text) {
        var kept = new StringBuilder();
        text.chars().filter(c -> !isSpace((char) c)).forEach(c -> kept.append((char) c));
        return kept.toString();
    }

    static int units(String text, TextLimit.Unit unit) {
        return switch (unit) {
            case UTF16 -> text.length();
            case CODE_POINTS -> text.codePointCount(0, text.length());
            case UTF8 -> text.getBytes(StandardCharsets.UTF_8).length;
        };
    }
}
