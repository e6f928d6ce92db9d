package dev.patchbay.plugin.llm;

import dev.patchbay.api.AgentFailed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who the agent is: a text of the configuration, or a file that is read at every turn, so that a change counts at once. */
final class SystemPrompt {
    private static final int BYTES_MAX = 1024 * 1024;

    private final LlmSettings settings;

    SystemPrompt(LlmSettings settings) {
        this.settings = settings;
    }

    String text() throws AgentFailed {
        if (settings.systemFile().isEmpty()) {
            return settings.system();
        }
        Path file = settings.systemFile().get();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new AgentFailed("system-file: " + file + " is larger than 1 MB");
            }
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            throw new AgentFailed(
                    "system-file: " + file + " cannot be read; write it, or correct the path", unreadable);
        }
    }
}
