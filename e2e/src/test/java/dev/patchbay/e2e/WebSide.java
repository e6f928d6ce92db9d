package dev.patchbay.e2e;

import dev.patchbay.e2e.Conversation.Kind;
import dev.patchbay.e2e.Conversation.Repeats;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Services that send webhooks and get callbacks, and programs that use JSON-RPC. */
final class WebSide implements AutoCloseable {
    private final CallbackServer callback = new CallbackServer();
    private final Misfortune misfortune;
    private final Talkers talkers;
    private final Map<String, Conversation> peers = new ConcurrentHashMap<>();

    WebSide(Talkers talkers, Misfortune misfortune) {
        this.talkers = talkers;
        this.misfortune = misfortune;
        callback.answerWith(this::called);
        talkers.every(Duration.ofSeconds(5), callback::forget);
    }

    String url() {
        return callback.url();
    }

    /** Sends webhooks, and gets the answers as callbacks. */
    void webhook(String peer) {
        Conversation conversation = join("webhook", peer, Optional.of("agent:main:webhook:direct:" + peer));
        talkers.talk(conversation, (number, text) -> {
            String body = Json.write(Map.of("text", text, "peer", peer));
            HttpResponse<String> response =
                    talkers.hub().post("/webhooks/default", body, "webhook-id", peer + "-" + number);
            if (response.statusCode() != 202 && response.statusCode() < 500) {
                conversation.violated("webhook: " + response.statusCode() + " " + response.body());
            }
            return response.statusCode() == 202;
        });
    }

    /** Gets callbacks of messages.send. */
    Conversation listener(String peer) {
        return join("messages.send to a webhook", peer, Optional.empty());
    }

    /** Talks to the agent through the CLI's channel and waits for each answer. */
    void chat(String user) {
        Conversation conversation = talkers.join(
                new Kind("chat.send", "cli", user, Optional.of("agent:main:cli:direct:" + user), true, Repeats.NEVER));
        talkers.talk(conversation, (number, text) -> {
            List<Object> params = params(user, number, text);
            params.addAll(List.of("context", Map.of("channel", "cli", "user_id", user)));
            var answer = talkers.hub().call("chat.send", params.toArray());
            conversation.arrived(
                    answer.path("message_id").asText(), answer.path("text").asText(), 0, true);
            return true;
        });
    }

    /** Sends to somebody who only listens. */
    void send(Conversation listener) {
        talkers.talk(listener, (number, text) -> {
            List<Object> params = params(listener.kind.peer(), number, text);
            boolean isChannel = listener.kind.channel().equals("discord");
            params.addAll(List.of("channel", listener.kind.channel()));
            params.addAll(List.of("to", (isChannel ? "channel:" : "") + listener.kind.peer()));
            return talkers.hub().call("messages.send", params.toArray()).hasNonNull("delivery_id");
        });
    }

    /** Whatever a hub that has ended had sent has come now, or never will. */
    void hangUp(Duration limit) throws IOException, InterruptedException {
        callback.hangUp(limit);
    }

    @Override
    public void close() {
        callback.close();
    }

    private static List<Object> params(String who, int number, String text) {
        var params = new ArrayList<Object>(List.of("text", text, "idempotency_key", who + "-" + number));
        if (Numbered.hasFile(number)) {
            params.addAll(List.of("attachments", files(number)));
        }
        return params;
    }

    private static List<Map<String, String>> files(int number) {
        String data = Base64.getEncoder().encodeToString(Numbered.file(number));
        return List.of(Map.of("data", data, "media_type", "text/plain", "name", "file.txt"));
    }

    private Conversation join(String way, String peer, Optional<String> session) {
        Conversation conversation = talkers.join(new Kind(way, "webhook", peer, session, true, Repeats.SAME_ID));
        peers.put(peer, conversation);
        return conversation;
    }

    private int called(CallbackServer.Received received) {
        Misfortune.Kind kind = misfortune.draw();
        Conversation conversation = peers.get(received.peer());
        boolean isTaken =
                kind == Misfortune.Kind.NONE || kind == Misfortune.Kind.SLOW || kind == Misfortune.Kind.UNANSWERED;
        if (conversation != null && isTaken) {
            int files = received.body().path("data").path("attachments").size();
            conversation.arrived(received.id(), received.text(), files, kind != Misfortune.Kind.UNANSWERED);
        }
        return switch (kind) {
            case ERROR -> 500;
            case LIMITED -> 429;
            case REFUSED, UNANSWERED -> 0;
            case NONE -> 200;
            case SLOW -> {
                try {
                    Bounded.pass(Misfortune.SLOW);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
                yield 200;
            }
        };
    }
}
