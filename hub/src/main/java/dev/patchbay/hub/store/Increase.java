package dev.patchbay.hub.store;

import java.util.List;

/**
 * Something to be added to what a note counts: its value is then so many whole numbers with a space between. What is no such value
 * counts as zeros, and no sum goes beyond {@link #MOST}.
 *
 * @param scope as in {@link StoredNote}
 * @param name as in {@link StoredNote}
 * @param by at least one, each from 0 to {@link #MOST}
 */
public record Increase(String scope, String name, List<Long> by) {
    /** The largest sum: two of them can still be added. */
    public static final long MOST = Long.MAX_VALUE / 2;

    public Increase {
        by = List.copyOf(by);
        if (by.isEmpty() || by.stream().anyMatch(each -> each < 0 || each > MOST)) {
            throw new IllegalArgumentException("no increase: " + by);
        }
    }

    /** The note's value after it. */
    public StoredNote after(String before) {
        String[] words = before.isEmpty() ? new String[0] : before.split(" ", -1);
        var value = new StringBuilder();
        for (int i = 0; i < by.size(); i++) {
            long sum = Math.min(MOST, number(i < words.length ? words[i] : "") + by.get(i));
            value.append(i == 0 ? "" : " ").append(sum);
        }
        return new StoredNote(scope, name, value.toString());
    }

    /** One of the numbers of a value. */
    public static long number(String word) {
        try {
            return Math.clamp(Long.parseLong(word), 0, MOST);
        } catch (NumberFormatException none) {
            return 0;
        }
    }
}
