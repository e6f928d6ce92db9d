package dev.patchbay.hub.command;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * What a command sees of the world.
 *
 * @param command as the user typed it: {@code ./patchbay}
 * @param environment usually {@link System#getenv()}
 * @param workingDirectory relative paths start here
 * @param user who is typing: the id of the peer in {@code chat}
 * @param home the user's folder
 * @param version of Patchbay
 * @param isInTerminal whether a person types, rather than a file or a pipe
 * @param isOutTerminal whether a person reads the results
 * @param isErrTerminal whether a person reads the errors
 */
public record Surroundings(
        String command,
        Map<String, String> environment,
        Path workingDirectory,
        String user,
        Path home,
        String version,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean isInTerminal,
        boolean isOutTerminal,
        boolean isErrTerminal,
        Clock clock) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /** Colours unless the user said no ({@code NO_COLOR}) or the terminal cannot. */
    boolean wantsColours() {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.getOrDefault("TERM", ""));
    }
}
