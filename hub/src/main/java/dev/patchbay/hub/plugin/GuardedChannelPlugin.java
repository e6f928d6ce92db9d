package dev.patchbay.hub.plugin;

import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.api.TextLimit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * A channel of a loaded plugin. What never changes was asked once. Every opening and every question gets an instance of its own:
 * a plugin is promised one thread at a time, and one account that hangs must not hold up the others. Safe for many threads;
 * time limits are the caller's business.
 *
 * @param made makes a new instance of the plugin's class
 */
record GuardedChannelPlugin(
        PluginOrigin origin,
        Callable<ChannelPlugin> made,
        String type,
        String accountSchema,
        String channelSchema,
        Optional<String> httpPath,
        boolean meetsStrangers)
        implements ChannelPlugin, PluginOrigin.Known {

    private interface Question<T> {
        T ask(ChannelPlugin plugin) throws Exception;
    }

    @Override
    public List<SettingProblem> check(ChannelSettings settings) {
        return asked(plugin -> List.copyOf(plugin.check(settings)));
    }

    @Override
    public List<SettingProblem> checkShared(Settings shared) {
        return asked(plugin -> List.copyOf(plugin.checkShared(shared)));
    }

    @Override
    public boolean isConfigured(ChannelSettings settings) {
        return asked(plugin -> plugin.isConfigured(settings));
    }

    @Override
    public Set<Capability> capabilities(ChannelSettings settings) {
        return asked(plugin -> Set.copyOf(plugin.capabilities(settings)));
    }

    @Override
    public TextLimit textLimit(ChannelSettings settings) {
        return asked(plugin -> plugin.textLimit(settings));
    }

    @Override
    public Pacing pacing(ChannelSettings settings) {
        return asked(plugin -> plugin.pacing(settings));
    }

    @Override
    public Optional<Pattern> groupIds() {
        return asked(ChannelPlugin::groupIds);
    }

    @Override
    public Channel open(ChannelSettings settings, ChannelHost host) throws Exception {
        return origin.inside(() -> made.call().open(settings, host));
    }

    private <T> T asked(Question<T> question) {
        try {
            return origin.inside(() -> question.ask(made.call()));
        } catch (RuntimeException thrown) {
            throw thrown;
        } catch (Exception thrown) {
            throw new IllegalStateException(PluginFault.describe(thrown), thrown);
        }
    }
}
