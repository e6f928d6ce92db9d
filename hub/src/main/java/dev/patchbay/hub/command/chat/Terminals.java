package dev.patchbay.hub.command.chat;

import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.wire.HubAddress;
import java.io.IOException;
import java.nio.file.Path;

/** Opens a chat at the terminal this process runs in. */
public final class Terminals {
    private static final String HISTORY = ".patchbay/chat-history";

    private Terminals() {}

    /**
     * Talks until the user leaves.
     *
     * @param home the user's folder: the history is kept there
     */
    public static ExitCode chat(HubAddress address, Conversation conversation, Path home, boolean isColoured)
            throws InterruptedException {
        try (var prompt = new JLinePrompt(home.resolve(HISTORY), isColoured)) {
            return new TerminalChat(address, conversation, prompt).run();
        } catch (IOException unusable) {
            throw new Failure(ExitCode.FAILED, "this terminal cannot be used", "try `patchbay chat --plain`", unusable);
        }
    }
}
