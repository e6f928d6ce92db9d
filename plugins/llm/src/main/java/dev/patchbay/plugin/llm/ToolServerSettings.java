package dev.patchbay.plugin.llm;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One entry of {@code tools}.
 *
 * @param name in front of the names of its tools
 * @param command starts the server; empty if it is reached by its address
 * @param env what its process sees besides PATH and HOME
 * @param url where it is; empty if it is started
 * @param timeout for one call of a tool
 * @param startTimeout until it has said what it can do
 */
record ToolServerSettings(
        String name,
        List<String> command,
        Map<String, String> env,
        String url,
        Map<String, String> headers,
        Duration timeout,
        Duration startTimeout) {
    ToolServerSettings {
        command = List.copyOf(command);
        env = Map.copyOf(env);
        headers = Map.copyOf(headers);
    }

    boolean isProcess() {
        return !command.isEmpty();
    }

    @Override
    public String toString() {
        // Its environment and headers may hold secrets.
        return "ToolServerSettings[" + name + "]";
    }
}
