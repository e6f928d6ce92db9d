package dev.patchbay.hub.gateway.openai;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.gateway.method.ChatMethods;
import dev.patchbay.hub.gateway.method.TurnStream;
import dev.patchbay.hub.gateway.rpc.Caller;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.routing.DmScope;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.session.ChatRequest;
import dev.patchbay.hub.session.Conversations;
import dev.patchbay.hub.session.PassingTurns;
import dev.patchbay.hub.session.PendingTurn;
import dev.patchbay.hub.session.Refusal;
import dev.patchbay.hub.session.TurnOutcome;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Answers completions: with {@code user} by a durable turn in a session of the user's, else by a turn of which nothing is kept.
 * Safe for many threads.
 */
public final class Completions {
    /** As meters and idempotency keys know it. */
    public static final String METHOD = "openai.chat";

    private static final String CHANNEL = "openai";
    private static final int KEY_CHARS = 255;

    private final Rooms rooms;
    private final Clock clock;
    private final Instant opened;

    /** Who does the work. */
    public record Rooms(
            Conversations conversations, PassingTurns passing, Agents agents, AttachmentDesk files, Events events) {}

    public Completions(Rooms rooms, Clock clock) {
        this.rooms = rooms;
        this.clock = clock;
        opened = clock.instant();
    }

    /** Since when the models are there. */
    public Instant opened() {
        return opened;
    }

    /** The agents, which are the models, as far as the caller sees them. */
    public List<String> models(Caller caller) {
        return rooms.agents().ids().stream().filter(caller.sees()::agent).toList();
    }

    /**
     * Takes a request on. With {@code user} the message is on disk when this returns.
     *
     * @param deltas gets the pieces of the answer if it is to be streamed; must not block
     * @throws RpcException if it cannot be taken
     */
    public CompletionJob begin(byte[] body, Caller caller, Optional<String> idempotencyKey, Consumer<String> deltas)
            throws RpcException, InterruptedException {
        CompletionRequest request = CompletionRequest.read(body);
        if (!models(caller).contains(request.model())) {
            throw RpcException.of(ErrorCode.NOT_FOUND, "there is no model \"" + shortened(request.model()) + "\"")
                    .with("parameter", "model");
        }
        return request.user() == null
                ? passing(request, caller, deltas)
                : durable(request, request.user(), caller, idempotencyKey, deltas);
    }

    private CompletionJob passing(CompletionRequest request, Caller caller, Consumer<String> deltas)
            throws RpcException, InterruptedException {
        Instant now = clock.instant();
        String id = rooms.passing().nextId();
        var question = new PassingTurns.Question(
                request.model(),
                CHANNEL,
                caller.name(),
                request.text(),
                images(request.images()),
                request.before().stream()
                        .map(said -> new Turn.Line(said.role(), said.text(), now))
                        .toList());
        return new CompletionJob(completion(id, request, now), request.stream(), () -> switch (rooms.passing()
                .run(id, question, deltas::accept)) {
            case TurnResult.Answered(var _, var reply, String text) ->
                new Completion.Result(text, reply.inputTokens(), reply.outputTokens());
            case TurnResult.Silent _ -> new Completion.Result("", 0, 0);
            case TurnResult.Failed failed ->
                throw RpcException.of(
                        switch (failed.kind()) {
                            case FAILED, STOPPED, INTERRUPTED -> ErrorCode.AGENT_FAILED;
                            case TIMED_OUT -> ErrorCode.AGENT_TIMED_OUT;
                            case BUDGET_SPENT -> ErrorCode.BUDGET_SPENT;
                        },
                        failed.reason());
        });
    }

    private CompletionJob durable(
            CompletionRequest request,
            String user,
            Caller caller,
            Optional<String> idempotencyKey,
            Consumer<String> deltas)
            throws RpcException, InterruptedException {
        if (idempotencyKey
                .filter(key -> key.isBlank() || key.length() > KEY_CHARS)
                .isPresent()) {
            throw RpcException.invalid("Idempotency-Key", "is blank, or longer than " + KEY_CHARS + " characters");
        }
        String session = SessionKey.of(
                        request.model(),
                        DmScope.PER_CHANNEL_PEER,
                        CHANNEL,
                        SessionKey.DEFAULT_ACCOUNT,
                        Peer.direct(user),
                        null)
                .toString();
        var asked = new ChatRequest(
                request.text(),
                session,
                null,
                null,
                user,
                images(request.images()),
                idempotencyKey.orElse(null),
                METHOD,
                caller.name(),
                caller.sees());
        if (!request.stream()) {
            PendingTurn turn = accept(asked);
            return job(request, turn, () -> result(turn));
        }
        var following = new TurnStream(event -> delta(event, deltas));
        AutoCloseable watching =
                rooms.events().subscribe(new Events.Filter(session, null, null, caller.sees()), following);
        PendingTurn turn;
        try {
            turn = accept(asked);
        } catch (RpcException | InterruptedException | RuntimeException refused) {
            end(watching);
            throw refused;
        }
        following.follow(turn.messageId());
        return job(request, turn, () -> {
            try {
                return result(turn);
            } finally {
                end(watching);
            }
        });
    }

    private CompletionJob job(CompletionRequest request, PendingTurn turn, CompletionJob.Work work) {
        return new CompletionJob(completion(turn.messageId(), request, clock.instant()), request.stream(), work);
    }

    private PendingTurn accept(ChatRequest asked) throws RpcException, InterruptedException {
        try {
            return rooms.conversations().send(asked);
        } catch (Refusal refusal) {
            throw ChatMethods.refused(refusal);
        }
    }

    private static Completion.Result result(PendingTurn turn) throws RpcException, InterruptedException {
        TurnOutcome outcome =
                ChatMethods.checked(turn, turn.await(ChatMethods.WAIT_MAX).orElse(null));
        return new Completion.Result(outcome.text(), outcome.inputTokens(), outcome.tokens() - outcome.inputTokens());
    }

    private static void delta(HubEvent event, Consumer<String> deltas) {
        String piece = event.fields().get("delta");
        if (event.type().equals("chat.delta") && piece != null) {
            deltas.accept(piece);
        }
    }

    private static void end(AutoCloseable watching) {
        try {
            watching.close();
        } catch (Exception impossible) {
            throw new IllegalStateException("subscriptions to events end without trouble", impossible);
        }
    }

    private static Completion completion(String id, CompletionRequest request, Instant now) {
        return new Completion("chatcmpl-" + id, request.model(), now, request.includeUsage());
    }

    private List<Attachment> images(List<String> urls) throws RpcException, InterruptedException {
        var images = new ArrayList<Attachment>();
        for (String url : urls) {
            images.add(url.regionMatches(true, 0, "data:", 0, 5) ? stored(url) : named(url));
        }
        return images;
    }

    private static Attachment named(String url) throws RpcException {
        String scheme = url.replaceFirst("(?s):.*", "").toLowerCase(Locale.ROOT);
        if (url.length() > 8_192 || !(scheme.equals("http") || scheme.equals("https"))) {
            throw RpcException.invalid("messages", "an image_url is no http:, https: or data: address");
        }
        return new Attachment(url, null, null);
    }

    /** {@code data:image/png;base64,…}: kept as a file like any other, for as long as files are kept. */
    private Attachment stored(String url) throws RpcException, InterruptedException {
        int comma = url.indexOf(',');
        String head = comma < 0 ? "" : url.substring(5, comma);
        if (!head.endsWith(";base64")) {
            throw RpcException.invalid("messages", "an image_url is no Base64: write data:image/png;base64,…");
        }
        try {
            byte[] content = Base64.getDecoder().decode(url.substring(comma + 1).getBytes(StandardCharsets.US_ASCII));
            return rooms.files()
                    .keep(
                            new ByteArrayInputStream(content),
                            head.substring(0, head.length() - ";base64".length()),
                            null);
        } catch (IllegalArgumentException garbage) {
            throw RpcException.invalid("messages", "an image_url is no Base64");
        } catch (NotAccepted refused) {
            throw RpcException.of(
                    refused.reason() == NotAccepted.Reason.TOO_LARGE ? ErrorCode.TOO_LARGE : ErrorCode.NOT_STORED,
                    String.valueOf(refused.getMessage()));
        }
    }

    private static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 61) + "...";
    }
}
