package dev.patchbay.hub.agent;

import java.util.List;
import java.util.Optional;

/**
 * The workers of one agent.
 *
 * @param max at most so many at once
 * @param restarts within the last hour
 * @param trouble why there is none and none will be started now, without secrets
 */
public record Staff(int max, List<Member> members, int restarts, Optional<String> trouble) {

    /**
     * One worker.
     *
     * @param pid its process
     * @param isBusy whether it runs a turn
     * @param residentBytes of the process and all that it has started, at the last look; -1 if unknown
     * @param turns that it was given
     */
    public record Member(long pid, boolean isBusy, long residentBytes, int turns) {}

    public Staff {
        members = List.copyOf(members);
    }
}
