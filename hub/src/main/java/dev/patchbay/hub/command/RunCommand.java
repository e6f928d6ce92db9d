package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.patchbay.hub.command.HubRunner.NotStarted;
import dev.patchbay.hub.command.HubRunner.RunningHub;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.config.LoadedConfig;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        header = "Start the hub in the foreground.",
        description = {
            "Prints the hub's address once it is healthy. Ctrl-C or SIGTERM lets it finish what is under way and stops"
                    + " it (hub.drain-timeout, 30s); a second one stops it at once.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  patchbay run",
            "  patchbay run --config home.yaml --set server.port=8081",
            "  TELEGRAM_BOT_TOKEN=… patchbay run"
        })
final class RunCommand implements Callable<Integer> {
    private final CommandContext context;
    private final HubRunner runner;
    private final StopSignals signals;

    @Option(names = "--log", paramLabel = "FORMAT", description = "log as text (default) or json; also PATCHBAY_LOG")
    private @Nullable String log;

    RunCommand(CommandContext context, HubRunner runner, StopSignals signals) {
        this.context = context;
        this.runner = runner;
        this.signals = signals;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.start(context.surroundings().err(), format(), context.options().isVerbose());
        LoadedConfig config = context.load();
        config.problems().forEach(context::show);
        if (config.hasErrors()) {
            throw context.unusable(config);
        }
        var stopping = new CountDownLatch(1);
        var isAsked = new AtomicBoolean();
        signals.onFirst(() -> {
            isAsked.set(true);
            stopping.countDown();
        });
        RunningHub hub = start(config);
        tell(hub, config);
        Thread.ofVirtual().name("hub-watch").start(() -> watch(hub, stopping));
        stopping.await();
        return isAsked.get() ? drain(hub, config.config().hub().drainTimeout()) : ended();
    }

    private RunningHub start(LoadedConfig config) throws InterruptedException {
        try {
            return runner.start(config, context::load);
        } catch (NotStarted why) {
            why.problems().forEach(context::show);
            if (!why.problems().isEmpty()) {
                throw context.unusable(config);
            }
            throw new Failure(ExitCode.NO_HUB, String.valueOf(why.getMessage()), why.cure(), why);
        }
    }

    private void tell(RunningHub hub, LoadedConfig config) {
        if (context.options().isJson()) {
            context.screen()
                    .json(JsonNodeFactory.instance
                            .objectNode()
                            .put("url", hub.url().toString()));
            return;
        }
        context.screen().line(hub.url().toString());
        NextSteps.of(hub.url(), config.config(), context).forEach(context.screen()::line);
    }

    private static void watch(RunningHub hub, CountDownLatch stopping) {
        try {
            hub.awaitStop();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            stopping.countDown();
        }
    }

    private int drain(RunningHub hub, Duration wait) throws InterruptedException {
        if (context.surroundings().isErrTerminal()) {
            context.screen().note("Finishing what is under way; once more to stop at once.");
        }
        if (!hub.drain(wait)) {
            context.screen()
                    .note("Not everything was finished within " + wait.toSeconds()
                            + " s; the next start goes on with it.");
        }
        return ExitCode.DONE.number();
    }

    private static int ended() {
        throw new Failure(ExitCode.NO_HUB, "the hub stopped by itself", "its log says why");
    }

    private Logs.Format format() {
        String asked = log != null ? log : context.surroundings().environment().getOrDefault("PATCHBAY_LOG", "text");
        return switch (asked) {
            case "text", "" -> Logs.Format.TEXT;
            case "json" -> Logs.Format.JSON;
            default ->
                throw new Failure(
                        ExitCode.USAGE, "there is no log format \"" + asked + "\"", "write --log text or --log json");
        };
    }
}
