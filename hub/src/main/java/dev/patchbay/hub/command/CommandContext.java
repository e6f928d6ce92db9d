package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.screen.Colour;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.screen.Screen;
import dev.patchbay.hub.command.wire.HubAddress;
import dev.patchbay.hub.command.wire.HubNotReached;
import dev.patchbay.hub.command.wire.RpcClient;
import dev.patchbay.hub.command.wire.RpcFailure;
import dev.patchbay.hub.config.ConfigLoader;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What all commands share: the surroundings, the common options, the configuration, the way to the hub. One thread. */
final class CommandContext {
    private final Surroundings surroundings;
    private final CommonOptions options;
    private final Screen screen;

    CommandContext(Surroundings surroundings, CommonOptions options) {
        this.surroundings = surroundings;
        this.options = options;
        boolean coloured = surroundings.wantsColours();
        this.screen = new Screen(
                surroundings.out(),
                surroundings.err(),
                coloured && surroundings.isOutTerminal(),
                coloured && surroundings.isErrTerminal());
    }

    Surroundings surroundings() {
        return surroundings;
    }

    CommonOptions options() {
        return options;
    }

    Screen screen() {
        return screen;
    }

    /** The configuration with everything that is wrong with it. */
    LoadedConfig load() {
        return new ConfigLoader(surroundings.environment(), surroundings.workingDirectory())
                .load(file(), options.sets());
    }

    /**
     * The configuration for a command that needs only some of it: errors elsewhere are not its business. A token that only
     * the hub's own environment knows must not keep an operator from asking for the hub's status.
     *
     * @param sections the first parts of the keys that matter
     * @throws Failure if one of them is wrong; all of those have been printed
     */
    HubConfig configFor(String... sections) {
        LoadedConfig loaded = load();
        List<Problem> wrong = loaded.problems().stream()
                .filter(Problem::isError)
                .filter(matters(sections))
                .toList();
        if (!wrong.isEmpty()) {
            wrong.forEach(this::show);
            throw unusable(loaded);
        }
        return loaded.config();
    }

    /** Prints one problem to standard error. */
    void show(Problem problem) {
        screen.note(HarmlessText.line(problem.toString()) + (problem.isError() ? "" : " (warning)"));
    }

    Failure unusable(LoadedConfig loaded) {
        return new Failure(
                ExitCode.FAILED,
                "the configuration in " + loaded.config().source() + " has errors",
                "mend them; `patchbay check` shows all of them");
    }

    HubAddress address() {
        return HubAddress.find(surroundings.environment(), () -> configFor("server", "hub"));
    }

    /** Asks the running hub one question. */
    JsonNode ask(String method, ObjectNode params) throws InterruptedException {
        return ask(method, params, RpcClient.ANSWER_TIMEOUT);
    }

    /**
     * Asks the hub that runs here; empty if none does. Only a hub that was named is expected to be there.
     *
     * @throws Failure if the hub says no
     */
    Optional<JsonNode> askIfThere(String method, ObjectNode params, Duration wait) throws InterruptedException {
        if (!surroundings.environment().getOrDefault("PATCHBAY_URL", "").isBlank()) {
            return Optional.of(ask(method, params, wait));
        }
        HubConfig config = configFor("server", "hub");
        if (config.server().port() == 0) {
            // Nobody knows where it would be; whether it has the files is seen there.
            return Optional.empty();
        }
        try (var hub = new RpcClient(address())) {
            return Optional.of(hub.call(method, params, wait));
        } catch (RpcFailure no) {
            throw no.asFailure(address());
        } catch (HubNotReached nobody) {
            if (nobody.isNobodyThere()) {
                return Optional.empty();
            }
            throw nobody.asFailure();
        }
    }

    /** The same if the answer may take long. */
    JsonNode ask(String method, ObjectNode params, Duration wait) throws InterruptedException {
        try (var hub = new RpcClient(address())) {
            return ask(hub, method, params, wait);
        }
    }

    /** The same for commands with several questions. */
    static JsonNode ask(RpcClient hub, String method, ObjectNode params) throws InterruptedException {
        return ask(hub, method, params, RpcClient.ANSWER_TIMEOUT);
    }

    private static JsonNode ask(RpcClient hub, String method, ObjectNode params, Duration wait)
            throws InterruptedException {
        try {
            return hub.call(method, params, wait);
        } catch (RpcFailure no) {
            throw no.asFailure(hub.address());
        } catch (HubNotReached nobody) {
            throw nobody.asFailure();
        }
    }

    private Optional<String> file() {
        return options.config()
                .or(() -> Optional.ofNullable(surroundings.environment().get("PATCHBAY_CONFIG")))
                .filter(name -> !name.isBlank());
    }

    /** What somebody types to get another command that means the same hub. */
    String commandLine(String command) {
        var line = new StringBuilder(surroundings.command()).append(' ').append(command);
        options.config().ifPresent(file -> line.append(" --config ").append(file));
        options.sets().stream()
                .filter(set -> set.startsWith("server.") || set.startsWith("hub."))
                .forEach(set -> line.append(" --set ").append(set));
        return line.toString();
    }

    String dim(String text) {
        return screen.paint(Colour.DIM, text);
    }

    private static Predicate<Problem> matters(String... sections) {
        return problem -> problem.key().isEmpty()
                || problem.place().equals("--set")
                || List.of(sections).contains(problem.key().split("[.\\[]", 2)[0]);
    }
}
