package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patchbay.hub.command.HubRunner.NotDone;
import dev.patchbay.hub.command.HubRunner.StoreTools;
import dev.patchbay.hub.command.HubRunner.Watching;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.wire.RpcClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The way to the store: through the hub if one runs, else to the files. One thread. */
final class StoreAccess {
    private static final JsonMapper JSON = new JsonMapper();

    /** A large store is read, written and read again. */
    private static final Duration WAIT = Duration.ofHours(2);

    private final CommandContext context;
    private final HubRunner runner;

    StoreAccess(CommandContext context, HubRunner runner) {
        this.context = context;
        this.runner = runner;
    }

    /** Something that is done to the files. */
    @FunctionalInterface
    interface OnFiles {
        Map<String, Object> run(StoreTools tools, Watching watching) throws NotDone;
    }

    /** Asks the hub; without one, works on the files. */
    JsonNode hubOrFiles(String method, OnFiles otherwise) throws InterruptedException {
        Optional<JsonNode> answer = context.askIfThere(method, RpcClient.params(), WAIT);
        return answer.isPresent() ? answer.get() : files(otherwise);
    }

    /** Whether a hub answers here. */
    boolean isHubThere() throws InterruptedException {
        return context.askIfThere("health", RpcClient.params(), RpcClient.ANSWER_TIMEOUT)
                .isPresent();
    }

    /** Works on the files. */
    JsonNode files(OnFiles doing) {
        try (var bar = new ProgressLine(context.surroundings())) {
            StoreTools tools = runner.storeTools(context.configFor("hub", "store", "backups"));
            return JSON.valueToTree(doing.run(tools, bar::at));
        } catch (NotDone why) {
            throw new Failure(
                    why.isInUse() ? ExitCode.NO_HUB : ExitCode.FAILED,
                    String.valueOf(why.getMessage()),
                    why.cure(),
                    why);
        }
    }
}
