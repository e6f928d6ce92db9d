package dev.patchbay.hub;

import dev.patchbay.api.Recollection;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.Recall;
import dev.patchbay.hub.recall.LineQuery;
import dev.patchbay.hub.recall.LineSearch;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an agent remembers: what was said with itself, in any session, and nothing that others heard. */
record OwnMemory(LineSearch lines) implements Recall {
    @Override
    public List<Recollection> recall(Turn turn, String query, int limit) throws InterruptedException {
        return lines
                .search(new LineQuery(query, Optional.empty(), Optional.of(Set.of(turn.agentId())), limit))
                .lines()
                .stream()
                .map(each -> new Recollection(
                        each.sessionKey(), each.messageId(), each.role(), each.snippet(), each.at(), each.score()))
                .toList();
    }
}
