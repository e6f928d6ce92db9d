package dev.patchbay.hub.config;

import dev.patchbay.hub.config.HubConfig.ChannelConfig;
import dev.patchbay.hub.config.HubConfig.TenantsConfig;
import dev.patchbay.hub.config.Values.Wrong;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads who owns what: the key {@code tenant} of agents, accounts and tokens. */
final class TenantsReader {
    static final String DEFAULT = "default";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final String CURE = "take a-z, 0-9, - and _, at most 64, no - or _ in front";

    private TenantsReader() {}

    static TenantsConfig read(Section agents, Section channels, Map<String, ChannelConfig> read) {
        var owners = new LinkedHashMap<String, String>();
        for (String id : agents.names()) {
            owners.put(id, agents.section(id).value("tenant", (text, key) -> name(text)));
        }
        var accounts = new LinkedHashMap<String, Map<String, String>>();
        read.forEach((channel, config) -> {
            var own = new LinkedHashMap<String, String>();
            Section sections = channels.section(channel).section("accounts");
            config.accounts().forEach((id, settings) -> {
                String written = settings.text("tenant").orElse(DEFAULT);
                if (!NAME.matcher(written).matches()) {
                    sections.section(id).wrong("tenant", "no name for a tenant", CURE);
                    written = DEFAULT;
                }
                own.put(id, written);
            });
            accounts.put(channel, own);
        });
        return new TenantsConfig(owners, accounts);
    }

    /** That of a token, which may see all. */
    static String seenBy(String text) throws Wrong {
        return text.equals("*") ? text : name(text);
    }

    private static String name(String text) throws Wrong {
        if (!NAME.matcher(text).matches()) {
            throw new Wrong("is no name for a tenant", CURE);
        }
        return text;
    }
}
