package dev.patchbay.hub.agent.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.process.LineReader.Line;
import dev.patchbay.hub.agent.wire.AnswerJson;
import dev.patchbay.hub.agent.wire.NoAnswer;
import dev.patchbay.hub.agent.wire.StreamedReply;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One child process: asked one thing at a time, believed nothing. Its pipes are read and written by threads of the operating
 * system, since a blocked pipe would hold on to the carrier of a virtual one.
 *
 * <p>It is lost once, for the first reason that is found; whoever finds one calls {@link #lose}.
 */
final class Worker {
    /** Of one line on its standard output. */
    static final int LINE_BYTES_MAX = 10 << 20;

    /** On its standard output since the last turn began, without being asked. */
    static final long STRAY_BYTES_MAX = 1 << 20;

    /** So 20,000 lines of output in a second, each of which is parsed, and 400,000 of what is mostly left out of the log. */
    private static final int LINE_COST = 2_000;

    private static final int WORDS_COST = 100;
    private static final int WORDS_BYTES_MAX = 4_000;
    private static final int ENDED_KEPT = 16;
    private static final long EXIT_WAIT_MILLIS = 1_000;
    private static final long WRITTEN_WAIT_MILLIS = 100;

    private final int number;
    private final String name;
    private final Process process;
    private final ProcessTree tree;
    private final Means means;
    private final AtomicReference<@Nullable WorkerLost> lost = new AtomicReference<>();
    private final ArrayDeque<String> ended = new ArrayDeque<>();
    private final Thread out;
    private final Thread err;
    private volatile @Nullable Exchange current;
    private volatile long lastSign = System.nanoTime();
    private volatile long strayBytes;
    private volatile long residentBytes = -1;
    private final AtomicInteger turns = new AtomicInteger();

    /** For the thread that looks. */
    private boolean wasDead;

    /**
     * What all workers of an agent share.
     *
     * @param losses told once per worker, by the thread that found out
     */
    record Means(Program program, AnswerJson json, Words words, Losses losses) {}

    @FunctionalInterface
    interface Losses {
        void lost(Worker worker, WorkerLost why);
    }

    Worker(String agentId, int number, Process process, ProcessTree tree, Means means) {
        this.number = number;
        this.name = "agent-" + agentId + "-" + number;
        this.process = process;
        this.tree = tree;
        this.means = means;
        out = Thread.ofPlatform().daemon().name(name + "-out").unstarted(this::readOut);
        err = Thread.ofPlatform().daemon().name(name + "-err").unstarted(this::readErr);
    }

    /** Begins to listen. */
    void listen() {
        try {
            out.start();
            err.start();
        } catch (OutOfMemoryError noThreads) {
            lose(Loss.CRASH, "could not be listened to: there are no threads left");
        }
    }

    int number() {
        return number;
    }

    Process process() {
        return process;
    }

    ProcessTree tree() {
        return tree;
    }

    /** Turns that were handed to it. */
    int turns() {
        return turns.get();
    }

    boolean isBusy() {
        return current != null;
    }

    /** Of it and all that it has started, at the last look; -1 if that is unknown. */
    long residentBytes() {
        return residentBytes;
    }

    boolean isLost() {
        return lost.get() != null;
    }

    /** Whether somebody outside our reach still holds its output, and with it our threads. */
    boolean holdsThreads() {
        return out.isAlive() || err.isAlive();
    }

    /** Hands it one turn and waits for the end of the answer. By one thread at a time. */
    Reply ask(String messageId, byte[] line, StreamedReply streamed)
            throws WorkerLost, AgentFailed, InterruptedException {
        var exchange = new Exchange(messageId);
        long began = System.nanoTime();
        turns.incrementAndGet();
        strayBytes = 0;
        lastSign = began;
        current = exchange;
        WorkerLost early = lost.get();
        if (early != null) {
            // Between two turns; from now on the exchange would be told.
            exchange.lose(early);
        }
        Thread writer = Thread.ofPlatform().daemon().name(name + "-in").start(() -> write(line));
        boolean isAtRest = false;
        var usage = AnswerJson.Usage.UNKNOWN;
        try {
            while (true) {
                JsonNode said = next(exchange);
                boolean isDone = said.path("done").asBoolean(false);
                isAtRest = isDone || said.hasNonNull("error");
                usage = AnswerJson.usage(said, usage);
                if (said.hasNonNull("error")) {
                    throw new AgentFailed(
                            "its program reported: " + said.path("error").asText(),
                            usage.inputTokens(),
                            usage.outputTokens());
                }
                int forms = AnswerJson.forms(said);
                if (forms > 0 && !isDone) {
                    throw NoAnswer.forNow("gave a whole answer without \"done\": true");
                }
                AnswerJson.piece(said, streamed);
                if (isDone) {
                    return forms == 0 ? streamed.end(usage) : means.json().whole(said);
                }
            }
        } catch (NoAnswer wrong) {
            String what = String.valueOf(wrong.getMessage());
            if (isAtRest) {
                throw new AgentFailed("its program " + what, usage.inputTokens(), usage.outputTokens());
            }
            throw lose(Loss.PROTOCOL, what);
        } finally {
            end(exchange);
            if (!isAtRest) {
                giveUp(exchange, began);
            } else if (!isWritten(writer)) {
                lose(Loss.PROTOCOL, "answered without reading what it was given");
            }
        }
    }

    /** It is of no use any more: the first reason counts, and is returned. */
    WorkerLost lose(Loss loss, String what) {
        var why = new WorkerLost(loss, what);
        WorkerLost before = lost.compareAndExchange(null, why);
        if (before != null) {
            return before;
        }
        // Before its turn hears of it: whoever looks afterwards finds it counted.
        means.losses().lost(this, why);
        Exchange exchange = current;
        if (exchange != null) {
            exchange.lose(why);
        }
        return why;
    }

    /** If it works at this turn, it is not to blame for the turn's end. */
    void stopped(String messageId) {
        Exchange exchange = current;
        if (exchange != null && exchange.messageId().equals(messageId)) {
            exchange.stop();
        }
    }

    /** Looks at it from outside, from time to time. By one thread at a time. */
    void look(ProcTable table) {
        residentBytes = tree.residentBytes(table);
        long max = means.program().memoryMaxBytes();
        if (residentBytes > max) {
            lose(Loss.MEMORY, "took " + megabytes(residentBytes) + ", more than max-memory: " + megabytes(max));
        } else if (!process.isAlive()) {
            if (wasDead) {
                // Its output is still open, because what it has started holds it; else its reader would know.
                lose(Loss.CRASH, exit());
            }
            wasDead = true;
        }
    }

    private JsonNode next(Exchange exchange) throws WorkerLost, InterruptedException {
        while (true) {
            long left = lastSign + means.program().silenceLimit().toNanos() - System.nanoTime();
            JsonNode said = exchange.poll(Math.max(0, left));
            if (said != null) {
                return said;
            }
            if (left <= 0) {
                throw lose(
                        Loss.SILENCE,
                        "gave no sign of life for "
                                + means.program().silenceLimit().toMillis() + " ms");
            }
        }
    }

    private void end(Exchange exchange) {
        synchronized (ended) {
            ended.addLast(exchange.messageId());
            if (ended.size() > ENDED_KEPT) {
                ended.removeFirst();
            }
        }
        current = null;
        exchange.close();
    }

    /** Nobody can tell a program to stop but by ending it. */
    private void giveUp(Exchange exchange, long began) {
        if (exchange.isStopped()) {
            lose(Loss.GIVEN_UP, "was still at work when its turn was stopped");
        } else if (lastSign == began) {
            lose(Loss.SILENCE, "gave no sign of life until its turn was given up");
        } else {
            lose(Loss.GIVEN_UP, "was still at work when its turn was given up");
        }
    }

    private void write(byte[] line) {
        try {
            OutputStream in = process.getOutputStream();
            in.write(line);
            in.flush();
        } catch (IOException closed) {
            try {
                // If it has died, whoever reads its output says so better.
                if (!process.waitFor(EXIT_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                    lose(Loss.PROTOCOL, "closed its input");
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isWritten(Thread writer) {
        try {
            return writer.join(Duration.ofMillis(WRITTEN_WAIT_MILLIS));
        } catch (InterruptedException stop) {
            // The answer is there, and counts.
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void readOut() {
        var lines = new LineReader(process.getInputStream(), LINE_BYTES_MAX, LINE_COST);
        try {
            for (Line line = lines.next(); line != null && !isLost(); line = lines.next()) {
                lastSign = System.nanoTime();
                heard(line);
            }
        } catch (IOException broken) {
            // As at its end.
        } catch (Throwable anything) {
            lose(
                    Loss.CRASH,
                    "said what could not be read: " + anything.getClass().getSimpleName());
        }
        try {
            if (process.waitFor(EXIT_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                lose(Loss.CRASH, exit());
            } else {
                lose(Loss.PROTOCOL, "closed its output");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void heard(Line line) {
        Exchange exchange = current;
        if (line.isCut()) {
            lose(Loss.PROTOCOL, "wrote a line of more than 10 MB");
            return;
        }
        JsonNode said;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.bytes()))
                    .toString();
            if (text.isBlank()) {
                return;
            }
            said = means.json().object(text);
        } catch (CharacterCodingException | NoAnswer garbage) {
            if (exchange == null) {
                stray(line);
            } else {
                lose(
                        Loss.PROTOCOL,
                        garbage instanceof NoAnswer
                                ? String.valueOf(garbage.getMessage())
                                : "answered bytes that are no UTF-8");
            }
            return;
        }
        JsonNode id = said.path("message_id");
        if (id.isMissingNode() && said.path("heartbeat").asBoolean(false)) {
            return;
        }
        if (exchange != null && id.asText().equals(exchange.messageId())) {
            if (!exchange.put(said)) {
                stray(line);
            }
        } else if (exchange == null || hasEnded(id.asText())) {
            stray(line);
        } else {
            lose(
                    Loss.PROTOCOL,
                    id.isTextual()
                            ? "answered a message that it was not asked"
                            : "answered without saying which message_id");
        }
    }

    /** Words that nobody waits for: what comes late is harmless, a flood is not. */
    private void stray(Line line) {
        long all = strayBytes + line.bytes().length + 1;
        strayBytes = all;
        if (all > STRAY_BYTES_MAX) {
            lose(Loss.PROTOCOL, "wrote more than 1 MB that nobody had asked for");
        }
    }

    private boolean hasEnded(String messageId) {
        synchronized (ended) {
            return ended.contains(messageId);
        }
    }

    private void readErr() {
        var lines = new LineReader(process.getErrorStream(), WORDS_BYTES_MAX, WORDS_COST);
        try {
            for (Line line = lines.next(); line != null; line = lines.next()) {
                means.words().said(number, line.bytes());
            }
        } catch (IOException closed) {
            // So it says no more.
        }
    }

    private String exit() {
        int status = process.exitValue();
        return "ended with exit status " + status
                + (status > 128 && status <= 192 ? " (signal " + (status - 128) + ")" : "");
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }
}
