package dev.patchbay.hub.gateway.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.metrics.Meters;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns a client's text into the text of the answer. Safe for many threads.
 *
 * <p>Requests of one client run side by side, also those of one batch; only methods that ask for it begin in the order in which
 * they came. Every text is answered exactly once, be it with nothing.
 */
public final class RpcEngine {
    private static final String UNKNOWN = "unknown";

    private final RpcRegistry registry;
    private final Admission admission;
    private final Executor threads;
    private final Meters meters;
    private final Failures failures;

    /**
     * Makes an engine.
     *
     * @param threads starts a virtual thread per task
     */
    public RpcEngine(RpcRegistry registry, Admission admission, Executor threads, Meters meters, Failures failures) {
        this.registry = registry;
        this.admission = admission;
        this.threads = threads;
        this.meters = meters;
        this.failures = failures;
    }

    /** Answers on the calling thread as far as possible, and waits for the rest. */
    public RpcAnswer answer(byte[] body, RpcClient client) throws InterruptedException {
        var answer = new AtomicReference<>(RpcAnswer.NOTHING);
        var ended = new CountDownLatch(1);
        take(body, client, true, given -> {
            answer.set(given);
            ended.countDown();
        });
        ended.await();
        return Objects.requireNonNull(answer.get(), "answer");
    }

    /** Whether so many requests are under way that each client should be content with few. */
    public boolean isCrowded() {
        return admission.isCrowded();
    }

    /**
     * Takes a text and returns as soon as its requests have their places; must be called in the order in which a client's texts
     * came.
     *
     * @param answer called once, by any thread, maybe before this returns; must not block
     */
    public void submit(byte[] body, RpcClient client, Consumer<RpcAnswer> answer) {
        take(body, client, false, answer);
    }

    private void take(byte[] body, RpcClient client, boolean here, Consumer<RpcAnswer> answer) {
        RpcDocument document;
        try {
            document = RpcReader.read(body);
        } catch (RpcException unusable) {
            // Without a token nothing but health is answered, not even what is wrong with a text.
            RpcException error = client.caller().isAnonymous() ? unauthorised() : unusable;
            meters.rpc(UNKNOWN, error.code().number(), Duration.ZERO);
            answer.accept(RpcAnswer.error(error));
            return;
        }
        switch (document) {
            case RpcDocument.Single(var item) -> start(item, client, here, answer);
            case RpcDocument.Batch(var items) -> startAll(items, client, answer);
        }
    }

    private void startAll(List<RpcDocument.Item> items, RpcClient client, Consumer<RpcAnswer> answer) {
        var answers = new AtomicReferenceArray<@Nullable RpcAnswer>(items.size());
        var left = new AtomicInteger(items.size());
        for (int i = 0; i < items.size(); i++) {
            int place = i;
            start(items.get(i), client, false, given -> {
                answers.set(place, given);
                if (left.decrementAndGet() == 0) {
                    answer.accept(join(items, answers));
                }
            });
        }
    }

    private static RpcAnswer join(List<RpcDocument.Item> items, AtomicReferenceArray<@Nullable RpcAnswer> answers) {
        var joined = new ByteArrayOutputStream();
        int shared = Integer.MIN_VALUE;
        long wait = 0;
        boolean unauthorised = false;
        for (int i = 0; i < answers.length(); i++) {
            RpcAnswer each = answers.get(i);
            if (each == null || each.isNothing()) {
                unauthorised |= each != null && each.code() == ErrorCode.UNAUTHORISED.number();
                continue;
            }
            if (joined.size() + each.json().length > RpcLimits.BATCH_ANSWER_BYTES) {
                String id = items.get(i).id();
                each = RpcAnswer.error(
                        id == null ? "null" : id,
                        RpcException.of(
                                ErrorCode.TOO_LARGE, "the answers of this batch are too long together; ask for less"));
            }
            joined.write(joined.size() == 0 ? '[' : ',');
            joined.writeBytes(each.json());
            shared = shared == Integer.MIN_VALUE || shared == each.code() ? each.code() : 0;
            wait = Math.max(wait, each.retryAfterMillis());
        }
        if (joined.size() == 0) {
            return unauthorised ? RpcAnswer.NOTHING_UNAUTHORISED : RpcAnswer.NOTHING;
        }
        joined.write(']');
        return new RpcAnswer(joined.toByteArray(), shared, wait);
    }

    private void start(RpcDocument.Item item, RpcClient client, boolean here, Consumer<RpcAnswer> answer) {
        switch (item) {
            case RpcDocument.Invalid(String id, RpcException error) -> {
                RpcException shown = client.caller().isAnonymous() ? unauthorised() : error;
                meters.rpc(UNKNOWN, shown.code().number(), Duration.ZERO);
                answer.accept(RpcAnswer.error(id, shown));
            }
            case RpcDocument.Request request -> start(request, client, here, answer);
        }
    }

    private void start(RpcDocument.Request request, RpcClient client, boolean here, Consumer<RpcAnswer> answer) {
        RpcMethod method = registry.find(request.method());
        var job = new Job(method == null ? UNKNOWN : method.name(), request.id(), answer);
        try {
            if (method == null || !client.caller().may(method.access())) {
                throw refused(client.caller(), method);
            }
            if (method.access() != Access.OPEN) {
                admission.admit(client.address(), client.loopback(), 1);
                job.admitted = true;
            }
            var call = new RpcCall(client, parameters(method, request.params()));
            switch (method.work()) {
                case RpcMethod.Plain(var handler) -> {
                    if (here) {
                        job.run(() -> handler.handle(call));
                    } else {
                        threads.execute(() -> job.run(() -> handler.handle(call)));
                    }
                }
                case RpcMethod.Ordered(var lane, var beginning) -> {
                    if (here) {
                        job.run(() -> beginning.begin(call).await());
                    } else if (!client.order().submit(lane.apply(call), () -> job.begin(beginning, call))) {
                        throw RpcException.of(ErrorCode.FULL, "too many calls of this client wait");
                    }
                }
            }
        } catch (RpcException error) {
            job.end(error);
        } catch (RuntimeException failure) {
            job.end(failures.translate(method == null ? UNKNOWN : method.name(), failure));
        }
    }

    private static RpcException refused(Caller caller, @Nullable RpcMethod method) {
        if (caller.isAnonymous()) {
            return unauthorised();
        }
        return method == null
                ? RpcException.of(ErrorCode.METHOD_NOT_FOUND, "there is no such method; rpc.discover lists all")
                : RpcException.of(
                        ErrorCode.FORBIDDEN,
                        "the token lacks scope " + method.access().word());
    }

    private static RpcException unauthorised() {
        return RpcException.of(ErrorCode.UNAUTHORISED, "a valid token is needed: Authorization: Bearer TOKEN");
    }

    private static ObjectNode parameters(RpcMethod method, @Nullable JsonNode given) throws RpcException {
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        if (method.variable()) {
            return given == null ? named : named.set(RpcMethod.PARAMS, given);
        }
        switch (given) {
            case null -> {}
            case ObjectNode byName -> named = byName;
            case JsonNode byPosition -> {
                List<RpcParameter> declared = method.parameters();
                if (byPosition.size() > declared.size()) {
                    throw RpcException.invalid(
                            "[" + declared.size() + "]", "is one too many; there are " + declared.size());
                }
                for (int i = 0; i < byPosition.size(); i++) {
                    named.set(declared.get(i).name(), byPosition.get(i));
                }
            }
        }
        RpcType.checkMembers("", method.parameters(), named);
        named.properties().removeIf(each -> each.getValue().isNull());
        return named;
    }

    @FunctionalInterface
    private interface Step<T> {
        T take() throws RpcException, InterruptedException;
    }

    /** One request on its way to its answer. */
    private final class Job {
        private final String method;
        private final @Nullable String id;
        private final Consumer<RpcAnswer> answer;
        private final long startedNanos = System.nanoTime();
        private boolean admitted;

        Job(String method, @Nullable String id, Consumer<RpcAnswer> answer) {
            this.method = method;
            this.id = id;
            this.answer = answer;
        }

        /** Both steps on this thread. */
        void run(Step<RpcResult> work) {
            RpcResult result = attempt(work);
            if (result != null) {
                end(result);
            }
        }

        /** The first step on this thread, which is the lane's and wanted by the next call; the second on its own. */
        void begin(RpcMethod.Beginning beginning, RpcCall call) {
            RpcMethod.Rest rest = attempt(() -> beginning.begin(call));
            if (rest != null) {
                threads.execute(() -> run(rest::await));
            }
        }

        private <T> @Nullable T attempt(Step<T> step) {
            try {
                return step.take();
            } catch (RpcException error) {
                end(error);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                end(RpcException.of(ErrorCode.SHUTTING_DOWN, "the hub stopped while this ran"));
            } catch (RuntimeException | Error failure) {
                end(failures.translate(method, failure));
            }
            return null;
        }

        void end(RpcResult result) {
            RpcAnswer built;
            try {
                built = id == null ? RpcAnswer.NOTHING : RpcAnswer.result(id, result);
            } catch (RuntimeException failure) {
                end(failures.translate(method, failure));
                return;
            }
            close(built, 0);
        }

        void end(RpcException error) {
            close(
                    id == null ? RpcAnswer.untold(error) : RpcAnswer.error(id, error),
                    error.code().number());
        }

        private void close(RpcAnswer built, int code) {
            meters.rpc(method, code, Duration.ofNanos(System.nanoTime() - startedNanos));
            if (admitted) {
                admission.done(1);
            }
            answer.accept(built);
        }
    }
}
