package dev.patchbay.hub.command;

import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    /** The store and its backups as files, for when no hub runs. */
    StoreTools storeTools(HubConfig config);

    /**
     * Works on the files themselves, which no hub must have open. Answers are trees in wire names, the same as the running hub's.
     */
    interface StoreTools {
        /** What {@code backup.create} answers. */
        Map<String, Object> create(Watching watching) throws NotDone;

        /** What {@code backup.list} answers. Works beside a running hub. */
        Map<String, Object> list();

        /**
         * Reads a backup whole. Works beside a running hub.
         *
         * @param name a backup's name, the path of one, or {@code latest}
         */
        Map<String, Object> verify(String name, Watching watching) throws NotDone;

        /** What a restore of this backup would put back: {@code backup}, and {@code store} with the file it replaces. */
        Map<String, Object> plan(String name) throws NotDone;

        /**
         * Puts a backup back; what is there is set aside.
         *
         * @param salvage whether what can still be read of the present store is taken over
         */
        Map<String, Object> restore(String name, boolean salvage, Watching watching) throws NotDone;

        /** What {@code store.info} answers. */
        Map<String, Object> info() throws NotDone;

        /** What {@code store.check} answers. */
        Map<String, Object> check(Watching watching) throws NotDone;

        /** What {@code store.aside} answers. */
        Map<String, Object> setAside() throws NotDone;

        /** Makes the file as small as its content: {@code bytes_before}, {@code bytes}. */
        Map<String, Object> compact(Watching watching) throws NotDone;

        /** What {@code store.acknowledge} answers. */
        Map<String, Object> acknowledge() throws NotDone;
    }

    /** Follows long work; called often, from the working thread. */
    @FunctionalInterface
    interface Watching {
        /** @param of all there is; 0 if nobody knows */
        void at(String step, long done, long of);
    }

    /** It was not done. */
    final class NotDone extends Exception {
        private static final long serialVersionUID = 1L;
        private final String cure;
        private final boolean isInUse;

        /**
         * @param message what is wrong, naming it
         * @param isInUse true if a hub has the files
         */
        public NotDone(String message, String cure, boolean isInUse, Throwable cause) {
            super(message, cause);
            this.cure = cure;
            this.isInUse = isInUse;
        }

        String cure() {
            return cure;
        }

        boolean isInUse() {
            return isInUse;
        }
    }

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
