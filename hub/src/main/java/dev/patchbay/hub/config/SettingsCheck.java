package dev.patchbay.hub.config;

import dev.patchbay.hub.config.HubConfig.AgentConfig;
import dev.patchbay.hub.config.HubConfig.ChannelConfig;
import java.util.List;

/** Somebody who knows which keys the plugins understand. {@link Places} finds the lines for what is wrong. */
public interface SettingsCheck {

    /** Checks {@link AgentConfig#settings()}, which stand at {@link #keyOf(AgentConfig)}. */
    List<Problem> agent(AgentConfig agent, Places places);

    /** Checks {@link ChannelConfig#shared()} and all accounts; disabled channels too. */
    List<Problem> channel(ChannelConfig channel, Places places);

    static String keyOf(AgentConfig agent) {
        return "agents." + agent.id();
    }

    static String keyOf(ChannelConfig channel) {
        return "channels." + channel.name();
    }

    static String keyOf(ChannelConfig channel, String accountId) {
        return keyOf(channel) + ".accounts." + accountId;
    }
}
