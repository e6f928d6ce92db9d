package dev.patchbay.plugin.llm;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A tool server as a child process: a JSON message per line on its stdin and stdout. The library's own one hands on the hub's whole
 * environment, leaves grandchildren behind and does not say that the process is gone. Safe for many threads.
 */
final class ChildTransport implements McpClientTransport {
    private static final Logger log = LoggerFactory.getLogger(ChildTransport.class);
    private static final int LINE_BYTES_MAX = 4 * 1024 * 1024;
    /** What a server may say without being asked again. */
    private static final int UNASKED_BYTES_MAX = 16 * 1024 * 1024;

    private static final int UNASKED_LINES_MAX = 10_000;
    private static final int WAITING_MAX = 100;
    private static final int ERROR_LINES_MAX = 200;
    private static final Duration GRACE = Duration.ofMillis(1_500);

    private final ToolServerSettings settings;
    private final Map<String, String> surroundings;
    private final McpJsonMapper json;
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong unaskedBytes = new AtomicLong();
    private final AtomicLong unaskedLines = new AtomicLong();
    private final CompletableFuture<String> gone = new CompletableFuture<>();
    private volatile @Nullable Process process;

    /**
     * @param surroundings the hub's environment, of which the process sees PATH and HOME
     */
    ChildTransport(ToolServerSettings settings, Map<String, String> surroundings, McpJsonMapper json) {
        this.settings = settings;
        this.surroundings = Map.copyOf(surroundings);
        this.json = json;
    }

    /** Completes, with the reason, when the process is of no use any more. */
    CompletableFuture<String> gone() {
        return gone;
    }

    /**
     * Starts the process.
     *
     * @throws IOException if it cannot be started
     */
    void start() throws IOException {
        var builder = new ProcessBuilder(settings.command());
        Map<String, String> seen = builder.environment();
        seen.clear();
        for (String name : new String[] {"PATH", "HOME"}) {
            String value = surroundings.get(name);
            if (value != null) {
                seen.put(name, value);
            }
        }
        seen.putAll(settings.env());
        Process started = builder.start();
        process = started;
        var _ = started.onExit()
                .thenAccept(ended -> gone.complete("its process has ended (exit " + ended.exitValue() + ")"));
        thread("in").start(() -> write(started));
        thread("err").start(() -> drain(started));
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        return Mono.fromRunnable(() -> {
            Process running = process;
            if (running != null) {
                thread("out").start(() -> read(running, handler));
            }
        });
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.fromCallable(() -> {
                    String line = json.writeValueAsString(message);
                    unaskedBytes.set(0);
                    unaskedLines.set(0);
                    if (gone.isDone() || !waiting.offer(line)) {
                        throw new IOException("the tool server " + settings.name() + " takes nothing in");
                    }
                    return line;
                })
                .then();
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(this::close);
    }

    /** Ends the process and all that it has started; at most 3 s. May be called twice. */
    @Override
    public void close() {
        gone.complete("it was ended");
        Process running = process;
        if (running == null) {
            return;
        }
        // Looked up before: who has lost its parent is not found any more.
        var family = running.descendants().toList();
        try {
            // The end of its input is what the protocol knows as a goodbye.
            running.getOutputStream().close();
        } catch (IOException alreadyGone) {
            log.trace("The input of tool server {} was closed already", settings.name());
        }
        try {
            if (!running.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                running.destroy();
                running.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } finally {
            running.destroyForcibly();
            family.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return json.convertValue(data, type);
    }

    private Thread.Builder thread(String of) {
        return Thread.ofVirtual().name("tool-" + settings.name() + "-" + of);
    }

    private void write(Process to) {
        try (OutputStream out = to.getOutputStream()) {
            while (!gone.isDone()) {
                String line = waiting.poll(1, TimeUnit.SECONDS);
                if (line != null) {
                    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            }
        } catch (IOException closed) {
            gone.complete("it does not listen any more");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(Process from, Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        try {
            var in = new LineReader(from.getInputStream(), LINE_BYTES_MAX);
            for (String line = in.next(); line != null; line = in.next()) {
                if (unaskedBytes.addAndGet(line.length()) > UNASKED_BYTES_MAX
                        || unaskedLines.incrementAndGet() > UNASKED_LINES_MAX) {
                    throw new IOException("it says more than anybody can read");
                }
                hand(line, handler);
            }
            gone.complete("it has closed its output");
        } catch (IOException flood) {
            gone.complete(String.valueOf(flood.getMessage()));
        }
        from.destroyForcibly();
    }

    private void hand(String line, Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        if (line.isBlank()) {
            return;
        }
        try {
            handler.apply(Mono.just(McpSchema.deserializeJsonRpcMessage(json, line)))
                    .subscribe(
                            handled -> {},
                            broken -> log.debug("Tool server {} says what nobody understands", settings.name()));
        } catch (IOException | RuntimeException noMessage) {
            // Programs like to print a greeting; what matters will be missed by somebody and time out.
            log.debug("Tool server {} says something that is no message", settings.name());
        }
    }

    private void drain(Process from) {
        try {
            var in = new LineReader(from.getErrorStream(), LINE_BYTES_MAX);
            int lines = 0;
            for (String line = in.next(); line != null; line = in.next()) {
                if (lines++ < ERROR_LINES_MAX) {
                    log.debug(
                            "Tool server {} says: {}",
                            settings.name(),
                            line.length() <= 300 ? line : line.substring(0, 300));
                }
            }
        } catch (IOException flood) {
            gone.complete(String.valueOf(flood.getMessage()));
            from.destroyForcibly();
        }
    }
}
