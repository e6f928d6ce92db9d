package dev.patchbay.hub.agent;

import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import dev.patchbay.api.Settings;
import dev.patchbay.api.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns and agents as tests need them. */
public final class Turns {
    private Turns() {}

    public static Turn turn(String text) {
        return turn(text, Turn.History.EMPTY);
    }

    public static Turn turn(String text, Turn.History history) {
        return new Turn(
                "m-1",
                "agent:main:cli:direct:anna",
                "main",
                "cli",
                "default",
                Peer.direct("anna"),
                new Sender("anna", "Anna"),
                text,
                List.of(),
                history);
    }

    public static Spec spec(String id, String type) {
        return new Spec(id, type);
    }

    /** An agent that meets none of its limits in a test about something else: many places, and a breaker that hardly opens. */
    public static AgentSpec roomy(String id, String type) {
        return spec(id, type)
                .timeout(Duration.ofSeconds(20))
                .places(100)
                .breaker(100)
                .build();
    }

    /** An agent's configuration, with the defaults that users get. */
    public static final class Spec {
        private final String id;
        private final String type;
        private Duration openTimeout = Duration.ofSeconds(30);
        private Duration timeout = Duration.ofSeconds(60);
        private int maxConcurrent = 1_000;
        private Optional<String> fallback = Optional.empty();
        private AgentSpec.OnFailure onFailure = AgentSpec.OnFailure.SILENT;
        private int breakerFailures = 5;
        private Settings settings = Settings.EMPTY;

        private Spec(String id, String type) {
            this.id = id;
            this.type = type;
        }

        public Spec timeout(Duration value) {
            timeout = value;
            return this;
        }

        public Spec openTimeout(Duration value) {
            openTimeout = value;
            return this;
        }

        public Spec places(int value) {
            maxConcurrent = value;
            return this;
        }

        /** Opens after so many failures in a row. */
        public Spec breaker(int failures) {
            breakerFailures = failures;
            return this;
        }

        public Spec fallback(String value) {
            fallback = Optional.of(value);
            return this;
        }

        public Spec apologising() {
            onFailure = AgentSpec.OnFailure.APOLOGISE;
            return this;
        }

        public Spec settings(Map<String, ?> values) {
            settings = Settings.of(values);
            return this;
        }

        public AgentSpec build() {
            return new AgentSpec(
                    id,
                    type,
                    openTimeout,
                    timeout,
                    maxConcurrent,
                    fallback,
                    onFailure,
                    "Sorry.",
                    breakerFailures,
                    Duration.ofSeconds(60),
                    settings);
        }
    }
}
