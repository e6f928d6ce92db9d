package dev.patchbay.plugin.llm;

import dev.patchbay.plugin.llm.ModelCalls.Answer;
import dev.patchbay.plugin.llm.ModelCalls.Request;
import dev.patchbay.plugin.llm.ModelTrouble.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who is asked when there is trouble: the next key, the same again after a wait, the next model. The key that was good last is tried
 * first in the next turn. Safe for many threads.
 */
final class ModelLadder {
    /** After a server error or a lost connection. */
    private static final List<Duration> REPEATS = List.of(Duration.ofMillis(500), Duration.ofSeconds(1));
    /** How often a server may put us off. */
    private static final int PUT_OFF_MAX = 10;

    private final LlmSettings settings;
    private final ModelCalls calls;
    private final Patience patience;
    private final AtomicInteger key = new AtomicInteger();

    ModelLadder(LlmSettings settings, ModelCalls calls, Patience patience) {
        this.settings = settings;
        this.calls = calls;
        this.patience = patience;
    }

    /** Where one turn stands: it stays with the model that has answered. For one thread. */
    static final class Footing {
        private final long endNanos;
        private int model;

        /**
         * @param endNanos when the turn's time is over
         */
        Footing(long endNanos) {
            this.endNanos = endNanos;
        }
    }

    /**
     * Asks until somebody answers.
     *
     * @param speech gets pieces as they come; once it has shown one of this answer, nobody else is asked
     */
    Answer ask(Request request, Speech speech, Meter meter, Footing footing) throws ModelTrouble, InterruptedException {
        int before = speech.length();
        var reasons = new ArrayList<String>();
        while (true) {
            String model = settings.models().get(footing.model);
            try {
                return ask(model, request, speech, meter, footing.endNanos);
            } catch (ModelTrouble trouble) {
                reasons.add(settings.models().size() == 1 ? said(trouble) : model + ": " + said(trouble));
                if (speech.length() > before
                        || footing.model + 1 == settings.models().size()) {
                    throw new ModelTrouble(trouble.kind(), String.join("; ", reasons));
                }
                footing.model++;
            }
        }
    }

    /** Asks the first model once; for what the turn can do without. */
    Answer askOnce(Request request, Meter meter) throws ModelTrouble, InterruptedException {
        return calls.ask(settings.models().getFirst(), key(), request, piece -> {}, meter);
    }

    private Answer ask(String model, Request request, Speech speech, Meter meter, long endNanos)
            throws ModelTrouble, InterruptedException {
        int before = speech.length();
        int keysLeft = settings.keys().size() - 1;
        int repeats = 0;
        int putOff = 0;
        Optional<Duration> told = Optional.empty();
        while (true) {
            int at = key.get();
            try {
                return calls.ask(model, key(at), request, speech, meter);
            } catch (ModelTrouble trouble) {
                if (speech.length() > before) {
                    throw trouble;
                }
                told = shorter(told, trouble.retryAfter());
                if (trouble.isAboutKey() && keysLeft > 0) {
                    keysLeft--;
                    key.compareAndSet(at, at + 1 < settings.keys().size() ? at + 1 : 0);
                    continue;
                }
                Duration wait;
                if (told.isPresent()) {
                    wait = told.get();
                    putOff++;
                    keysLeft = settings.keys().size() - 1;
                    told = Optional.empty();
                } else if (trouble.kind() == Kind.PASSING && repeats < REPEATS.size()) {
                    wait = REPEATS.get(repeats++);
                } else {
                    throw trouble;
                }
                if (putOff > PUT_OFF_MAX || wait.toNanos() >= endNanos - patience.nanos()) {
                    throw trouble;
                }
                patience.pause(wait);
            }
        }
    }

    private String key() {
        return key(key.get());
    }

    private String key(int at) {
        return settings.keys().isEmpty() ? "" : settings.keys().get(at);
    }

    private static Optional<Duration> shorter(Optional<Duration> one, Optional<Duration> other) {
        return one.isPresent() && other.isPresent() && other.get().compareTo(one.get()) > 0 ? one : other.or(() -> one);
    }

    private static String said(ModelTrouble trouble) {
        return String.valueOf(trouble.getMessage());
    }
}
