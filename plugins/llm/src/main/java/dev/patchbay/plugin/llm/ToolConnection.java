package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One life of a tool server: from its start until it is gone. Safe for many threads. */
final class ToolConnection implements AutoCloseable {
    private static final int ANSWER_BYTES_MAX = 4 * 1024 * 1024;
    private static final int PAGES_MAX = 20;
    private static final int TOOLS_MAX = 200;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(4);

    private final ToolServerSettings settings;
    private final long startedNanos;
    private final CompletableFuture<List<McpSchema.Tool>> tools = new CompletableFuture<>();
    private final CompletableFuture<String> gone;
    private final @Nullable McpAsyncClient client;

    private ToolConnection(
            ToolServerSettings settings,
            long startedNanos,
            CompletableFuture<String> gone,
            @Nullable McpAsyncClient client) {
        this.settings = settings;
        this.startedNanos = startedNanos;
        this.gone = gone;
        this.client = client;
    }

    /** Starts or reaches the server, and begins to ask what it can do. Does not wait for it. */
    static ToolConnection open(ToolServerSettings settings, Map<String, String> surroundings, long nowNanos) {
        var json = new JacksonMcpJsonMapper(new JsonMapper());
        try {
            var gone = new CompletableFuture<String>();
            McpClientTransport transport;
            if (settings.isProcess()) {
                var child = new ChildTransport(settings, surroundings, json);
                child.start();
                gone = child.gone();
                transport = child;
            } else {
                transport = http(settings, json);
            }
            McpAsyncClient client = McpClient.async(transport)
                    .clientInfo(
                            McpSchema.Implementation.builder("patchbay", "1").build())
                    .requestTimeout(settings.timeout().plusSeconds(1))
                    .initializationTimeout(settings.startTimeout())
                    .jsonSchemaValidator(new Unchecked())
                    .build();
            var connection = new ToolConnection(settings, nowNanos, gone, client);
            Thread.ofVirtual().name("tool-" + settings.name() + "-start").start(() -> connection.introduce(client));
            return connection;
        } catch (IOException | RuntimeException cannotStart) {
            var none = new ToolConnection(settings, nowNanos, new CompletableFuture<>(), null);
            none.tools.completeExceptionally(cannotStart);
            return none;
        }
    }

    private static McpClientTransport http(ToolServerSettings settings, McpJsonMapper json) {
        URI address = URI.create(settings.url());
        String path = address.getRawPath() == null || address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        HttpRequest.Builder request = HttpRequest.newBuilder();
        settings.headers().forEach(request::header);
        return HttpClientStreamableHttpTransport.builder(address.getScheme() + "://" + address.getRawAuthority())
                .endpoint(path + query)
                .jsonMapper(json)
                .clientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1))
                .requestBuilder(request)
                .connectTimeout(settings.startTimeout())
                .openConnectionOnStartup(false)
                .maxResponseSize(ANSWER_BYTES_MAX)
                .build();
    }

    private void introduce(McpAsyncClient asked) {
        try {
            await(asked.initialize().toFuture());
            var all = new ArrayList<McpSchema.Tool>();
            String cursor = McpSchema.FIRST_PAGE;
            for (int page = 0; page < PAGES_MAX && all.size() < TOOLS_MAX; page++) {
                McpSchema.ListToolsResult some = await(asked.listTools(cursor).toFuture());
                all.addAll(some.tools());
                cursor = some.nextCursor();
                if (cursor == null || cursor.isEmpty()) {
                    break;
                }
            }
            tools.complete(List.copyOf(all.subList(0, Math.min(TOOLS_MAX, all.size()))));
        } catch (ExecutionException failed) {
            tools.completeExceptionally(failed.getCause() == null ? failed : failed.getCause());
        } catch (TimeoutException | RuntimeException failed) {
            tools.completeExceptionally(failed);
        } catch (InterruptedException stop) {
            tools.completeExceptionally(stop);
            Thread.currentThread().interrupt();
        }
    }

    /** As long as a start may take, and not longer than the server lives. */
    private <T> T await(CompletableFuture<T> answer) throws ExecutionException, InterruptedException, TimeoutException {
        CompletableFuture.anyOf(answer, gone).get(settings.startTimeout().toNanos(), TimeUnit.NANOSECONDS);
        if (!answer.isDone()) {
            throw new ExecutionException(new IOException(gone.get()));
        }
        return answer.get();
    }

    long startedNanos() {
        return startedNanos;
    }

    CompletableFuture<List<McpSchema.Tool>> tools() {
        return tools.copy();
    }

    /** Completes, with the reason, when it is of no use any more. */
    CompletableFuture<String> gone() {
        return gone;
    }

    CompletableFuture<McpSchema.CallToolResult> call(String tool, Map<String, Object> arguments) {
        if (client == null) {
            return tools.thenApply(never -> {
                throw new IllegalStateException();
            });
        }
        return client.callTool(McpSchema.CallToolRequest.builder(tool)
                        .arguments(arguments)
                        .build())
                .toFuture();
    }

    /** Whether the server itself has said that this went wrong. */
    static boolean isAnswer(@Nullable Throwable failure) {
        return failure instanceof McpError;
    }

    /** As a line for the operator and the model. */
    static String reason(@Nullable Throwable failure) {
        return switch (failure) {
            case McpError said -> line(said.getMessage());
            case IOException trouble -> line(trouble.getMessage());
            case TimeoutException late -> "it is not ready in time";
            case null -> "no reason given";
            default ->
                failure.getClass().getSimpleName()
                        + (failure.getCause() == null
                                ? ""
                                : " (" + failure.getCause().getClass().getSimpleName() + ")");
        };
    }

    private static String line(@Nullable String message) {
        String text = String.valueOf(message).replaceAll("\\s+", " ");
        return text.length() <= 300 ? text : text.substring(0, 300) + "…";
    }

    /** Closes it on a thread of its own. */
    void closeLater() {
        Thread.ofVirtual().name("tool-" + settings.name() + "-close").start(this::close);
    }

    @Override
    public void close() {
        if (client != null) {
            try {
                client.closeGracefully().toFuture().get(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException | RuntimeException rude) {
                client.close();
            } catch (InterruptedException stop) {
                client.close();
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Nobody here looks into what tools answer. */
    private static final class Unchecked implements JsonSchemaValidator {
        @Override
        public ValidationResponse validate(Map<String, Object> schema, Object structured) {
            return ValidationResponse.asValid(null);
        }
    }
}
