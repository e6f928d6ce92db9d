package dev.patchbay.hub.agent.process;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.Staff;
import dev.patchbay.hub.agent.Staffed;
import dev.patchbay.hub.agent.wire.StreamedReply;
import dev.patchbay.hub.agent.wire.TurnJson;
import java.util.Arrays;

/** Asks one worker per turn, and another one if it lost the first before anything was shown. Safe for many threads. */
final class ProcessAgent implements Staffed {
    private final Program program;
    private final WorkerPool pool;
    private final TurnJson turns;
    private final Watch watch;

    ProcessAgent(Program program, WorkerPool pool, TurnJson turns, Watch watch) {
        this.program = program;
        this.pool = pool;
        this.turns = turns;
        this.watch = watch;
    }

    void open() throws AgentFailed, InterruptedException {
        pool.open();
        watch.enter(pool);
    }

    @Override
    public Reply reply(Turn turn, ReplySink sink) throws AgentFailed, InterruptedException {
        byte[] body = turns.write(turn, program.historyLimit());
        byte[] line = Arrays.copyOf(body, body.length + 1);
        line[body.length] = '\n';
        for (int tries = 1; ; tries++) {
            var streamed = new StreamedReply(sink);
            Worker worker = pool.take();
            try {
                return worker.ask(turn.messageId(), line, streamed);
            } catch (WorkerLost lost) {
                if (streamed.isStarted()) {
                    throw new AgentFailed("its program " + lost.getMessage() + ", after the beginning of its answer");
                }
                if (tries > program.retries()) {
                    throw new AgentFailed(
                            "its program " + lost.getMessage() + (tries > 1 ? "; tried " + tries + " times" : ""));
                }
            } finally {
                pool.release(worker);
            }
        }
    }

    @Override
    public Staff staff() {
        return pool.staff();
    }

    @Override
    public void stopped(String messageId) {
        pool.stopped(messageId);
    }

    @Override
    public void close() {
        pool.close();
        watch.leave(pool);
    }
}
