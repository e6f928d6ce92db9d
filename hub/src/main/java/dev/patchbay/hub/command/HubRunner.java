package dev.patchbay.hub.command;

import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The hub as the commands see it: whoever assembles it hands this in. */
public interface HubRunner {

    /**
     * Starts the hub; returns once it is healthy.
     *
     * @param config without errors
     * @param again reads the configuration once more, for those who ask whether it would still do
     */
    RunningHub start(LoadedConfig config, Supplier<LoadedConfig> again) throws NotStarted, InterruptedException;

    /** Loads the plugins without starting anything, and lets them check what is configured for them. No network. */
    Inspection inspect(LoadedConfig config);

    /** A hub that serves. */
    interface RunningHub {

        /** Where it listens. */
        URI url();

        /** Returns when it has stopped, for whatever reason. */
        void awaitStop() throws InterruptedException;

        /**
         * Takes in nothing more, finishes what is under way, stops. Called once.
         *
         * @return false if something was still under way after this time; it is made up after the next start
         */
        boolean drain(Duration wait) throws InterruptedException;
    }

    /**
     * What the plugins are like.
     *
     * @param plugins all that were found
     * @param problems what they say about their settings, and what is wrong with themselves
     */
    record Inspection(List<Plugin> plugins, List<Problem> problems) {
        public Inspection {
            plugins = List.copyOf(plugins);
            problems = List.copyOf(problems);
        }
    }

    /**
     * A plugin in a folder.
     *
     * @param state {@code running}, {@code failed}, {@code refused} or {@code stopped}
     */
    record Plugin(String id, String version, String state) {}

    /** The hub does not start. */
    final class NotStarted extends Exception {
        private static final long serialVersionUID = 1L;

        private final String cure;
        private final transient List<Problem> problems;

        /**
         * The machine does not let it: a taken port, a locked data directory.
         *
         * @param message what is wrong, naming it
         */
        public NotStarted(String message, String cure, Throwable cause) {
            super(message, cause);
            this.cure = cure;
            this.problems = List.of();
        }

        /** The configuration does not let it. */
        public NotStarted(List<Problem> problems) {
            super("the configuration has errors");
            this.cure = "";
            this.problems = List.copyOf(problems);
        }

        String cure() {
            return cure;
        }

        List<Problem> problems() {
            return problems == null ? List.of() : problems;
        }
    }
}
