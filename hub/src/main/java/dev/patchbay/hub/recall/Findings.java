package dev.patchbay.hub.recall;

import java.util.List;

/**
 * What a search brought.
 *
 * @param lines the best first, among equals the newest
 * @param isComplete false: the index is being made, is behind or does not work, so that there may be more
 */
public record Findings(List<FoundLine> lines, boolean isComplete) {
    static final Findings NOTHING_YET = new Findings(List.of(), false);

    public Findings {
        lines = List.copyOf(lines);
    }
}
