package dev.patchbay.hub.session;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Peer;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Sender;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.lane.SortableIds;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.routing.DmScope;
import dev.patchbay.hub.routing.SessionKey;
import java.util.List;

/**
 * Turns of which nothing is kept: the caller brings the history and takes the answer, and if either goes, so does the turn. The
 * agent's limits and its fallback hold. Safe for many threads.
 */
public final class PassingTurns {
    private final Agents agents;
    private final SortableIds ids;
    private final FailPoints failPoints;

    /**
     * What is asked.
     *
     * @param channel under which the agent sees it
     * @param sender the caller's name
     * @param before what was said before, oldest first
     */
    public record Question(
            String agentId,
            String channel,
            String sender,
            String text,
            List<Attachment> attachments,
            List<Turn.Line> before) {
        public Question {
            attachments = List.copyOf(attachments);
            before = List.copyOf(before);
        }
    }

    public PassingTurns(Agents agents, World world) {
        this.agents = agents;
        ids = new SortableIds(world.clock(), world.random());
        failPoints = world.failPoints();
    }

    /** An id for a turn. */
    public String nextId() {
        return ids.next();
    }

    /**
     * Asks, and waits for the answer; gives up when interrupted, and so must the agent.
     *
     * @param id from {@link #nextId}
     * @param sink as in {@link Agents#run}
     */
    public TurnResult run(String id, Question question, ReplySink sink) throws InterruptedException {
        // A session of its own: an agent that remembers sessions must not mix strangers.
        SessionKey key = SessionKey.of(
                question.agentId(),
                DmScope.PER_CHANNEL_PEER,
                question.channel(),
                SessionKey.DEFAULT_ACCOUNT,
                Peer.direct(id),
                null);
        List<Turn.Line> before = question.before();
        failPoints.reach(Place.AGENT_BEFORE_CALL);
        TurnResult result = agents.run(
                question.agentId(),
                new Turn(
                        id,
                        key.toString(),
                        question.agentId(),
                        question.channel(),
                        SessionKey.DEFAULT_ACCOUNT,
                        key.peer(),
                        new Sender(question.sender(), null),
                        question.text(),
                        question.attachments(),
                        limit -> before.subList(Math.max(0, before.size() - Math.max(0, limit)), before.size())),
                sink);
        failPoints.reach(Place.AGENT_AFTER_CALL);
        return result;
    }
}
