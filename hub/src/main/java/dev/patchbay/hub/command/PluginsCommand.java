package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Table;
import dev.patchbay.hub.command.wire.RpcClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plugins",
        header = "Show the plugins; install, reload or remove one, or begin one of your own.",
        footer = {
            "",
            "Examples:",
            "  patchbay plugins",
            "  patchbay plugins install target/matrix-1.1.0.jar",
            "  patchbay plugins reload matrix",
            "  patchbay plugins new pager --package org.example.pager"
        })
final class PluginsCommand implements Callable<Integer> {
    /** Opening, closing and, if need be, opening the old one again: each may use up its own bound. */
    private static final Duration WAIT = Duration.ofMinutes(5);

    private final CommandContext context;

    PluginsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        return list();
    }

    @Command(name = "list", header = "Show the loaded plugins and those that were refused.")
    int list() throws InterruptedException {
        JsonNode result = context.ask("plugins.list", RpcClient.params());
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().table(table(result));
        }
        return ExitCode.DONE.number();
    }

    @Command(name = "install", header = "Copy a jar or zip into the plugins folder and load it.")
    int install(@Parameters(paramLabel = "FILE", description = "on the machine where the hub runs") Path file)
            throws InterruptedException {
        Path absolute = context.surroundings().workingDirectory().resolve(file).normalize();
        return tell("plugins.install", RpcClient.params().put("path", absolute.toString()), "installed");
    }

    @Command(name = "reload", header = "Load a plugin anew, without losing a message.")
    int reload(@Parameters(paramLabel = "PLUGIN") String plugin) throws InterruptedException {
        return tell("plugins.reload", RpcClient.params().put("plugin_id", plugin), "reloaded");
    }

    @Command(name = "remove", header = "Stop a plugin of your own and delete its file.")
    int remove(@Parameters(paramLabel = "PLUGIN") String plugin) throws InterruptedException {
        JsonNode result = context.ask("plugins.remove", RpcClient.params().put("plugin_id", plugin), WAIT);
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().line("removed " + plugin);
        }
        return ExitCode.DONE.number();
    }

    @Command(name = "new", header = "Write a channel plugin to begin with: it builds and passes the contract.")
    int create(
            @Parameters(paramLabel = "TYPE", description = "the channel's name: a-z and 0-9, at most 32") String type,
            @Option(
                            names = "--package",
                            paramLabel = "NAME",
                            description = "of its sources (default: org.example.TYPE)")
                    @Nullable
                    String packageName,
            @Option(names = "--into", paramLabel = "FOLDER", description = "default: TYPE-channel") @Nullable
                    Path folder) {
        Path home = context.surroundings().workingDirectory();
        Path target = home.resolve(folder == null ? Path.of(type + "-channel") : folder)
                .normalize();
        String sources = packageName == null ? "org.example." + type : packageName;
        List<Path> files =
                new PluginSkeleton(type, sources, context.surroundings().version()).write(target);
        if (context.options().isJson()) {
            var json = Fields.params("folder", target.toString());
            var list = json.putArray("files");
            files.forEach(file -> list.add(file.toString()));
            context.screen().json(json);
        } else {
            files.forEach(file -> context.screen().line(home.relativize(file).toString()));
            context.screen().note("next: " + target.resolve("README.md"));
        }
        return ExitCode.DONE.number();
    }

    private static Table table(JsonNode result) {
        var table = new Table("PLUGIN", "VERSION", "STATE", "CHANNELS", "AGENTS", "REASON");
        result.path("plugins")
                .forEach(each -> table.row(
                        Fields.text(each, "plugin_id"),
                        Fields.text(each, "version"),
                        Fields.text(each, "state"),
                        Fields.texts(each, "channels"),
                        Fields.texts(each, "agents"),
                        Fields.text(each, "reason")));
        return table;
    }

    private int tell(String method, ObjectNode params, String done) throws InterruptedException {
        JsonNode result = context.ask(method, params, WAIT);
        if (context.options().isJson()) {
            context.screen().json(result);
            return ExitCode.DONE.number();
        }
        JsonNode plugin = result.path("plugin");
        context.screen().line(done + " " + Fields.text(plugin, "plugin_id") + " " + Fields.text(plugin, "version"));
        String reason = Fields.text(plugin, "reason");
        if (!reason.isEmpty()) {
            context.screen().note(reason);
        }
        return ExitCode.DONE.number();
    }
}
