package dev.patchbay.hub.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses which known name somebody meant. Safe for many threads. */
public final class Nearest {
    private static final int SHOWN_MAX = 50;

    private Nearest() {}

    /** The known name that is most like this one; empty if none is like it at all. */
    public static Optional<String> to(String name, Collection<String> known) {
        String plain = plain(name);
        int bound = Math.max(1, Math.min(3, plain.length() / 3));
        return plain.length() > 64
                ? Optional.empty()
                : known.stream()
                        .filter(each -> distance(plain, plain(each)) <= bound)
                        .min(Comparator.comparingInt(each -> distance(plain, plain(each))));
    }

    /** The cure for an unknown word: the nearest known one, else all of them, in the order given. */
    public static String cure(String name, Collection<String> known) {
        return to(name, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElseGet(() -> known.isEmpty() ? "remove it" : "known here: " + shown(known));
    }

    private static String shown(Collection<String> known) {
        String names = String.join(", ", known.stream().limit(SHOWN_MAX).toList());
        return known.size() > SHOWN_MAX ? names + ", …" : names;
    }

    /** {@code readTimeout} and {@code read_timeout} are {@code read-timeout} to the reader. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /** Optimal string alignment: a swapped pair counts as one slip of the finger. */
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(cost[i - 1][j - 1] + change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], 1 + cost[i - 2][j - 2]);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
