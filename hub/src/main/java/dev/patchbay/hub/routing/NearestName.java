package dev.patchbay.hub.routing;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Guesses which known name somebody meant. */
final class NearestName {
    private static final int NAMES_SHOWN_MAX = 10;
    private static final int LENGTH_MAX = 64;

    private NearestName() {}

    /** What to do about an unknown name: the one that was probably meant, else the known ones. */
    static String cure(String name, Collection<String> known) {
        String folded = name.toLowerCase(Locale.ROOT);
        int near = Math.max(1, folded.length() / 3);
        if (folded.length() <= LENGTH_MAX) {
            var nearest = known.stream()
                    .filter(candidate -> distance(folded, candidate) <= near)
                    .min(Comparator.<String>comparingInt(candidate -> distance(folded, candidate))
                            .thenComparing(Comparator.naturalOrder()));
            if (nearest.isPresent()) {
                return "did you mean " + nearest.get() + "?";
            }
        }
        String names =
                String.join(", ", known.stream().sorted().limit(NAMES_SHOWN_MAX).toList());
        return known.isEmpty() ? "remove it" : "known are " + names + (known.size() > NAMES_SHOWN_MAX ? ", …" : "");
    }

    /** Letters to add, drop or change (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j - 1], diagonal));
            }
        }
        return row[to.length()];
    }
}
