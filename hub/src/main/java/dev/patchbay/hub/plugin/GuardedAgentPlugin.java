package dev.patchbay.hub.plugin;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentHost;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.api.Turn;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A kind of agent of a loaded plugin; as {@link GuardedChannelPlugin}. Time limits of turns, and what becomes of a failed one, are
 * the business of those who run agents.
 *
 * @param made makes a new instance of the plugin's class
 */
record GuardedAgentPlugin(PluginOrigin origin, Callable<AgentPlugin> made, String type, String settingsSchema)
        implements AgentPlugin, PluginOrigin.Known {

    @Override
    public List<SettingProblem> check(Settings settings) {
        try {
            return origin.inside(() -> List.copyOf(made.call().check(settings)));
        } catch (RuntimeException thrown) {
            throw thrown;
        } catch (Exception thrown) {
            throw new IllegalStateException(PluginFault.describe(thrown), thrown);
        }
    }

    @Override
    public Agent open(String agentId, Settings settings) throws Exception {
        return inItsPlace(origin.inside(() -> made.call().open(agentId, settings)));
    }

    @Override
    public Agent open(String agentId, Settings settings, AgentHost host) throws Exception {
        return inItsPlace(origin.inside(() -> made.call().open(agentId, settings, host)));
    }

    private Agent inItsPlace(@Nullable Agent agent) {
        return new InItsPlace(origin, Objects.requireNonNull(agent, "open gave no agent"));
    }

    private record InItsPlace(PluginOrigin origin, Agent agent) implements Agent {
        @Override
        public Reply reply(Turn turn, ReplySink sink) throws AgentFailed, InterruptedException {
            try {
                return origin.inside(() -> agent.reply(turn, sink));
            } catch (AgentFailed | InterruptedException | RuntimeException thrown) {
                throw thrown;
            } catch (Exception thrown) {
                throw new AgentFailed(PluginFault.describe(thrown), thrown);
            }
        }

        @Override
        public void close() {
            try {
                origin.inside(() -> {
                    agent.close();
                    return true;
                });
            } catch (RuntimeException thrown) {
                throw thrown;
            } catch (Exception thrown) {
                throw new IllegalStateException(PluginFault.describe(thrown), thrown);
            }
        }
    }
}
