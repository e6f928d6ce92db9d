package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patchbay.api.AgentHost;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All tools of one agent. Safe for many threads. */
final class Toolbox implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Toolbox.class);
    /** More are refused by the vendors. */
    private static final int TOOLS_MAX = 128;

    private final boolean hasMemory;
    private final AgentHost host;
    private final List<ToolServer> servers;
    private final Patience patience;
    private final JsonMapper json = new JsonMapper();

    Toolbox(LlmSettings settings, AgentHost host, Map<String, String> surroundings, Patience patience) {
        hasMemory = settings.memory();
        this.host = host;
        this.patience = patience;
        servers = settings.tools().stream()
                .map(each -> new ToolServer(each, surroundings, patience))
                .toList();
    }

    boolean isEmpty() {
        return !hasMemory && servers.isEmpty();
    }

    /**
     * What can be called now, by name. Servers start side by side.
     *
     * @param wait for those that are just starting
     */
    Map<String, Tool> tools(Duration wait) throws InterruptedException {
        var tools = new LinkedHashMap<String, Tool>();
        if (hasMemory) {
            tools.put(MemoryTool.NAME, new MemoryTool(host));
        }
        servers.forEach(ToolServer::wake);
        long end = patience.nanos() + wait.toNanos();
        for (ToolServer server : servers) {
            for (McpSchema.Tool each : server.tools(Math.max(0, end - patience.nanos()))) {
                add(tools, server, each);
            }
        }
        return tools;
    }

    private void add(Map<String, Tool> tools, ToolServer server, McpSchema.Tool each) {
        try {
            var tool = new McpTool(server, each, json);
            if (tools.size() < TOOLS_MAX) {
                tools.putIfAbsent(tool.declared().name(), tool);
            }
        } catch (RuntimeException odd) {
            log.debug(
                    "Tool server {} describes a tool that cannot be offered",
                    server.settings().name());
        }
    }

    /** Ends every server, side by side. */
    @Override
    public void close() {
        var closing = new ArrayList<Thread>();
        servers.forEach(
                each -> closing.add(Thread.ofVirtual().name("tool-close").start(each::close)));
        try {
            for (Thread each : closing) {
                each.join();
            }
        } catch (InterruptedException hurry) {
            closing.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }
}
