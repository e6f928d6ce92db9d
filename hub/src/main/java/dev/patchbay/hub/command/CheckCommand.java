package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.HubRunner.Inspection;
import dev.patchbay.hub.command.screen.Colour;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.screen.Table;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import dev.patchbay.hub.config.Variable;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        header = "Look for everything that is wrong before the hub starts.",
        description = {
            "Checks the configuration, the plugins and what is configured for them, the environment, files and their"
                    + " permissions. Needs no running hub and no network. Problems read FILE:LINE: KEY: what is wrong;"
                    + " cure.",
            ""
        },
        footer = {"", "Examples:", "  patchbay check", "  patchbay check --config home.yaml --strict"})
final class CheckCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    private final CommandContext context;
    private final HubRunner hub;

    @Option(names = "--strict", description = "warnings count as errors")
    private boolean isStrict;

    CheckCommand(CommandContext context, HubRunner hub) {
        this.context = context;
        this.hub = hub;
    }

    @Override
    public Integer call() {
        LoadedConfig loaded = context.load();
        Inspection plugins = hub.inspect(loaded);
        LoadedConfig all = loaded.with(plugins.problems()).with(FileChecks.problems(loaded));
        List<Problem> problems = all.problems();
        long errors = problems.stream().filter(Problem::isError).count();
        long warnings = problems.size() - errors;
        boolean isFine = errors == 0 && (warnings == 0 || !isStrict);
        if (context.options().isJson()) {
            context.screen().json(json(all, plugins, isFine));
        } else {
            problems.forEach(context::show);
            print(all, plugins);
            context.screen().line(summary(all.config().source(), errors, warnings, isFine));
        }
        return (isFine ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private void print(LoadedConfig loaded, Inspection inspection) {
        if (!loaded.variables().isEmpty()) {
            var table = new Table("VARIABLE", "NEED", "VALUE", "ASKED FOR IN");
            loaded.variables()
                    .forEach(
                            each -> table.row(each.name(), need(each), each.isSet() ? "***" : "not set", each.place()));
            context.screen().table(table);
            context.screen().line("");
        }
        if (!inspection.plugins().isEmpty()) {
            var table = new Table("PLUGIN", "VERSION", "STATE");
            inspection.plugins().forEach(each -> table.row(each.id(), each.version(), each.state()));
            context.screen().table(table);
            context.screen().line("");
        }
    }

    private String summary(String source, long errors, long warnings, boolean isFine) {
        String found = counted(errors, "error") + ", " + counted(warnings, "warning");
        String verdict = isFine
                ? context.screen().paint(Colour.GREEN, "ok")
                : context.screen().paint(Colour.RED, "not ok");
        return HarmlessText.line(source) + ": " + verdict + ": " + found;
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static ObjectNode json(LoadedConfig loaded, Inspection inspection, boolean isFine) {
        ObjectNode json = JSON.createObjectNode()
                .put("ok", isFine)
                .put("source", loaded.config().source());
        var problems = json.putArray("problems");
        for (Problem each : loaded.problems()) {
            problems.addObject()
                    .put("severity", each.isError() ? "error" : "warning")
                    .put("place", each.place())
                    .put("key", each.key())
                    .put("message", each.message())
                    .put("cure", each.cure());
        }
        var environment = json.putArray("environment");
        for (Variable each : loaded.variables()) {
            environment
                    .addObject()
                    .put("name", each.name())
                    .put("need", need(each))
                    .put("set", each.isSet())
                    .put("place", each.place());
        }
        var plugins = json.putArray("plugins");
        inspection.plugins().forEach(each -> plugins.addObject()
                .put("plugin_id", each.id())
                .put("version", each.version())
                .put("state", each.state()));
        return json;
    }

    private static String need(Variable variable) {
        return variable.need().name().toLowerCase(Locale.ROOT);
    }
}
