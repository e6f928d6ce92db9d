package dev.patchbay.hub.failpoint;

import static dev.patchbay.hub.failpoint.TrialHub.ACCOUNT;
import static dev.patchbay.hub.failpoint.TrialHub.CHANNEL;

import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpReceiver;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.hub.gateway.ChannelDoors;
import dev.patchbay.hub.gateway.Gateway;
import dev.patchbay.hub.gateway.GatewaySettings;
import dev.patchbay.hub.gateway.OpsDoor;
import dev.patchbay.hub.gateway.Token;
import dev.patchbay.hub.gateway.Tokens;
import dev.patchbay.hub.gateway.method.ChatMethods;
import dev.patchbay.hub.gateway.method.EventMethods;
import dev.patchbay.hub.gateway.method.Subscriptions;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcRegistry;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.ops.Health;
import dev.patchbay.hub.tenant.Tenants;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Programs in front of the hub's doors: over plain HTTP, streams and a socket, a webhook, and one that brings and fetches a file. */
final class Calls implements AutoCloseable {
    private static final String TOKEN = "secret-of-the-trial";
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final TrialHub hub;
    private final Ledger ledger;
    private final Walk walk;
    private final Gateway gateway;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(WAIT)
            .build();

    Calls(TrialHub hub, Ledger ledger) throws IOException {
        this.hub = hub;
        this.ledger = ledger;
        walk = new Walk(hub, ledger);
        var methods = new ArrayList<RpcMethod>();
        var subscriptions = new Subscriptions();
        methods.addAll(new ChatMethods(hub.conversations, hub.files, hub.events, subscriptions).all());
        methods.addAll(new EventMethods(hub.events, subscriptions).all());
        var health = new Health(List.of(), hub.world.threads(), hub.world.clock());
        gateway = Gateway.start(
                GatewaySettings.of("127.0.0.1", 0),
                new Tokens(List.of(new Token("boss", TOKEN, Set.of(Access.ADMIN), Tenants.ALL)), Tenants.one("main")),
                new Gateway.Rooms(
                        RpcRegistry.selfDescribing("0", methods),
                        (path, account) -> path.equals("hook")
                                ? new ChannelDoors.Found.Open(hook())
                                : new ChannelDoors.Found.Nothing(),
                        hub.files,
                        new OpsDoor(health, "0", () -> "", Map::of, Map::of)),
                Meters.NONE,
                hub.world);
    }

    void run() throws Exception {
        hook(Trial.ANNA);
        say(this::post);
        say(this::stream);
        say(this::socket);
        file();
    }

    /** Somebody who says something and returns all that comes back. */
    private interface Way {
        String ask(int number) throws Exception;
    }

    private void say(Way way) throws Exception {
        int number = ledger.lastTaken(Trial.HANA) + 1;
        walk.until(() -> {
            String heard = way.ask(number);
            Walk.require(heard.contains("\"" + Trial.answer(Trial.HANA, number) + "\""));
        });
        ledger.given(Trial.HANA, number, Trial.answer(Trial.HANA, number), false);
        ledger.taken(Trial.HANA, number);
    }

    private String post(int number) throws Exception {
        return send(request("/rpc").POST(HttpRequest.BodyPublishers.ofString(chat("chat.send", number))))
                .body();
    }

    private String stream(int number) throws Exception {
        return send(request("/rpc")
                        .header("Accept", "text/event-stream")
                        .POST(HttpRequest.BodyPublishers.ofString(chat("chat.send_stream", number))))
                .body();
    }

    private String socket(int number) throws Exception {
        var heard = new StringBuilder();
        var whole = new CompletableFuture<String>();
        WebSocket socket = client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + TOKEN)
                .connectTimeout(WAIT)
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/ws"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        heard.append(data);
                        if (heard.indexOf("\"message_id\"") >= 0 && heard.indexOf("\"result\":{\"message_id") >= 0) {
                            whole.complete(heard.toString());
                        }
                        from.request(1);
                        return CompletableFuture.completedStage(null);
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                        whole.completeExceptionally(new IOException("closed with " + code));
                        return CompletableFuture.completedStage(null);
                    }

                    @Override
                    public void onError(WebSocket from, Throwable broken) {
                        whole.completeExceptionally(new IOException(broken));
                    }
                })
                .get(5, TimeUnit.SECONDS);
        try {
            socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"events.subscribe\",\"params\":{}}", true)
                    .get(5, TimeUnit.SECONDS);
            socket.sendText(chat("chat.send", number), true).get(5, TimeUnit.SECONDS);
            return whole.get(5, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException broken) {
            throw new IOException(broken);
        } finally {
            socket.abort();
        }
    }

    private void hook(String peer) throws Exception {
        int number = ledger.lastTaken(peer) + 1;
        walk.until(() -> {
            HttpResponse<String> answer =
                    send(request("/hook/x").POST(HttpRequest.BodyPublishers.ofString(peer + " " + number)));
            Walk.require(answer.statusCode() == 202);
        });
        ledger.taken(peer, number);
    }

    private HttpReceiver hook() {
        return call -> {
            String[] said = new String(call.body(), StandardCharsets.UTF_8).split(" ", 2);
            try {
                hub.door.receive(CHANNEL, ACCOUNT, walk.message(said[0], Integer.parseInt(said[1])), Optional.empty());
                return HttpAnswer.text(202, "taken");
            } catch (NotAccepted refused) {
                return HttpAnswer.text(503, "later");
            } catch (InterruptedException | RuntimeException failure) {
                throw new IllegalStateException(failure);
            } catch (Exception broken) {
                return HttpAnswer.text(500, "broken");
            }
        };
    }

    private void file() throws Exception {
        walk.until(() -> {
            HttpResponse<String> kept = send(request("/attachments?name=a.txt")
                    .header("Content-Type", "text/plain")
                    .POST(HttpRequest.BodyPublishers.ofString("brought")));
            Walk.require(kept.statusCode() == 201);
            String path = kept.body().replaceFirst("(?s)^.*\"href\":\"([^\"]+)\".*$", "$1");
            HttpResponse<String> fetched = send(request(path).GET());
            Walk.require(fetched.statusCode() == 200 && fetched.body().equals("brought"));
        });
    }

    private static String chat(String method, int number) {
        return "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"" + method + "\",\"params\":{\"text\":\""
                + Trial.text(Trial.HANA, number) + "\",\"idempotency_key\":\"" + Trial.HANA + number + "\"}}";
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .timeout(WAIT)
                .header("Authorization", "Bearer " + TOKEN);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.shutdownNow();
        try {
            gateway.close(Duration.ofMillis(500));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
