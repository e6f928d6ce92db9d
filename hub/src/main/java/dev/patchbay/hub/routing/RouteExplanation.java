package dev.patchbay.hub.routing;

import java.util.List;
import java.util.Objects;

/**
 * A route and why it is this one.
 *
 * @param considered every binding of the table, in the order in which they compete
 */
public record RouteExplanation(Route route, List<Considered> considered) {
    public RouteExplanation {
        Objects.requireNonNull(route, "route");
        considered = List.copyOf(considered);
    }

    /**
     * One binding's part in it.
     *
     * @param index its place in the list, from 0
     * @param tier in which it competes for this message
     * @param matched true if all of its fields hold; the first of those wins
     * @param reason what decided, for people
     */
    public record Considered(int index, String agentId, Tier tier, boolean matched, String reason) {}
}
