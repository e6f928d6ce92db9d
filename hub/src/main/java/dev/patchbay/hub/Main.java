package dev.patchbay.hub;

import dev.patchbay.hub.command.HubRunner;
import dev.patchbay.hub.command.Patchbay;
import dev.patchbay.hub.command.Surroundings;
import dev.patchbay.hub.failpoint.ArmedFailPoints;
import dev.patchbay.hub.failpoint.FailPoints;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/** The process: hands the machine to the commands and their exit code back. */
public final class Main {
    /** Set by the launcher: what the user typed, and which of i(n), o(ut), e(rr) are terminals. */
    private static final String COMMAND = "patchbay.command";

    /** Set by the launcher: where lib/ and plugins/ are. */
    private static final String HOME = "patchbay.home";

    /** Set by whoever tries how a hub fails; see docs/testing.md. */
    static final String FAIL_POINTS = "patchbay.failpoints";

    private static final String TERMINALS = "patchbay.terminals";

    private static final int STOPPED_AT_ONCE = 1;

    private Main() {}

    public static void main(String[] arguments) {
        int code = new Patchbay(surroundings(), hub(), Main::listen).execute(arguments);
        // All is flushed and closed by now. An exit would set up logging only to log that the process ends.
        Runtime.getRuntime().halt(code);
    }

    private static Surroundings surroundings() {
        String terminals = System.getProperty(TERMINALS, "");
        return new Surroundings(
                System.getProperty(COMMAND, "patchbay"),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                user(),
                Path.of(System.getenv().getOrDefault("HOME", System.getProperty("user.home", ""))),
                version(),
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                terminals.contains("i"),
                terminals.contains("o"),
                terminals.contains("e"),
                Clock.systemUTC());
    }

    /** Containers run users that nobody has given a name. */
    private static String user() {
        String name = System.getProperty("user.name", "");
        return name.isBlank() || name.equals("?") ? "user" : name;
    }

    /** UTF-8 even where the locale says otherwise: replies are no place for question marks. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)), false, StandardCharsets.UTF_8);
    }

    /** The JVM's own handler would end the process with 143, and could not tell a second signal from the first. */
    private static void listen(Runnable stop) {
        var isStopping = new AtomicBoolean();
        for (String signal : List.of("TERM", "INT", "HUP")) {
            Signals.register(signal, () -> {
                if (isStopping.compareAndSet(false, true)) {
                    stop.run();
                } else {
                    Runtime.getRuntime().halt(STOPPED_AT_ONCE);
                }
            });
        }
    }

    private static HubRunner hub() {
        return new HubAssembly(Path.of(System.getProperty(HOME, ".")), version(), Main::failPoints);
    }

    private static FailPoints failPoints() {
        return ArmedFailPoints.parse(
                System.getProperty(FAIL_POINTS, ""), () -> Runtime.getRuntime().halt(ArmedFailPoints.HALTED));
    }

    private static String version() {
        return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("0.1.0");
    }
}
