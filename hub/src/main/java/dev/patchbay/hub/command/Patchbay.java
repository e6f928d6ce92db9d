package dev.patchbay.hub.command;

import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.screen.HarmlessText;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of Patchbay. Made for one call, on one thread. */
@Command(
        name = "patchbay",
        header = "A hub between message channels and the agents that answer.",
        description = {""},
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Exit codes: 0 done, 1 configuration problem or failed, 2 usage, 3 no hub.",
            "PATCHBAY_URL and PATCHBAY_TOKEN point the commands at another hub.",
            "",
            "  patchbay run               start the hub here",
            "  patchbay chat              talk to it",
            "  patchbay COMMAND --help    what a command takes, with examples"
        })
public final class Patchbay {
    private static final int HELP_WIDTH = 100;

    private final Surroundings surroundings;
    private final CommandContext context;
    private final CommandLine commands;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "show the version")
    @SuppressWarnings("unused") // picocli acts on it itself
    private boolean isVersion;

    @Mixin
    private final CommonOptions options = new CommonOptions();

    /**
     * Knows all commands; does nothing yet.
     *
     * @param hub starts it, for {@code run} and {@code check}
     */
    public Patchbay(Surroundings surroundings, HubRunner hub, StopSignals signals) {
        this.surroundings = surroundings;
        this.context = new CommandContext(surroundings, options);
        this.commands = new CommandLine(this)
                .addSubcommand(new RunCommand(context, hub, signals))
                .addSubcommand(new ChatCommand(context))
                .addSubcommand(new CheckCommand(context, hub))
                .addSubcommand(new SendCommand(context))
                .addSubcommand(new StatusCommand(context))
                .addSubcommand(new ChannelsCommand(context))
                .addSubcommand(new ListCommand.Agents(context))
                .addSubcommand(new SessionsCommand(context))
                .addSubcommand(new RecallCommand(context))
                .addSubcommand(new DeliveriesCommand(context))
                .addSubcommand(new TasksCommand(context))
                .addSubcommand(new HeartbeatCommand(context))
                .addSubcommand(new SchedulesCommand(context))
                .addSubcommand(new PairingCommand(context))
                .addSubcommand(new PluginsCommand(context))
                .addSubcommand(new RouteCommand(context))
                .addSubcommand(new BackupCommand(context, hub))
                .addSubcommand(new DbCommand(context, hub))
                .addSubcommand(new RehearseCommand(surroundings, hub));
        boolean coloured = surroundings.wantsColours() && surroundings.isOutTerminal();
        commands.setExpandAtFiles(false)
                .setUsageHelpWidth(HELP_WIDTH)
                .setColorScheme(Help.defaultColorScheme(coloured ? Help.Ansi.ON : Help.Ansi.OFF))
                .setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((wrong, arguments) -> misused(wrong))
                .setExecutionExceptionHandler((thrown, command, parsed) -> failed(thrown));
        shorten(commands);
        commands.getCommandSpec().version("patchbay " + surroundings.version());
    }

    /** All options stand below; above them it is enough that there are some. */
    private static void shorten(CommandLine command) {
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        command.getSubcommands().values().forEach(Patchbay::shorten);
    }

    /** Does what the arguments say; returns the exit code. */
    public int execute(String... arguments) {
        try {
            return commands.execute(arguments);
        } catch (Error broken) {
            context.screen().error("broken: " + broken, "please report this");
            context.screen().trace(broken);
            return ExitCode.FAILED.number();
        }
    }

    private int misused(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        if (command == commands && isBare(wrong)) {
            command.usage(surroundings.err());
            return ExitCode.USAGE.number();
        }
        context.screen().error(what(wrong), cure(wrong, command.getCommandSpec().qualifiedName()));
        // The stack of an unknown option is the parser's, and its message has what must not be repeated.
        if (!(wrong instanceof UnmatchedArgumentException)) {
            trace(wrong);
        }
        return ExitCode.USAGE.number();
    }

    /** What stands behind an option that nobody knows is not repeated: it may be a token whose option is misspelt. */
    private static String what(ParameterException wrong) {
        List<String> unmatched =
                wrong instanceof UnmatchedArgumentException unknown ? unknown.getUnmatched() : List.of();
        return unmatched.stream()
                .filter(each -> each.startsWith("-"))
                .findFirst()
                .map(option -> "there is no option " + HarmlessText.line(option.split("=", 2)[0]))
                .orElseGet(() ->
                        String.valueOf(wrong.getMessage()).lines().findFirst().orElse(""));
    }

    private static String cure(ParameterException wrong, String command) {
        List<String> near = wrong instanceof UnmatchedArgumentException unknown ? unknown.getSuggestions() : List.of();
        String help = "`" + command + " --help` shows what it takes";
        return near.isEmpty() ? help : "did you mean " + HarmlessText.line(near.getFirst()) + "? " + help;
    }

    /** Nothing was asked for at all. */
    private static boolean isBare(ParameterException wrong) {
        return String.valueOf(wrong.getMessage()).startsWith("Missing required subcommand");
    }

    private int failed(Exception thrown) {
        int code;
        switch (thrown) {
            case Failure known -> {
                context.screen().error(known.what(), known.cure());
                code = known.code().number();
            }
            case InterruptedException stop -> {
                Thread.currentThread().interrupt();
                context.screen().error("interrupted", "");
                code = ExitCode.FAILED.number();
            }
            default -> {
                context.screen()
                        .error(
                                "unexpected: " + thrown,
                                context.options().isVerbose()
                                        ? "please report this"
                                        : "the same with -v shows where; please report that");
                code = ExitCode.FAILED.number();
            }
        }
        trace(thrown);
        return code;
    }

    private void trace(Exception thrown) {
        if (context.options().isVerbose()) {
            context.screen().trace(thrown);
        }
    }
}
