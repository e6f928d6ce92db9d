package dev.patchbay.hub.config;

import dev.patchbay.hub.config.HubConfig.ChannelConfig;
import dev.patchbay.hub.config.Values.Wrong;
import dev.patchbay.hub.tenant.Tenants;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads who owns what: the key {@code tenant} of agents, accounts and tokens. */
final class TenantsReader {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final String CURE = "take a-z, 0-9, - and _, at most 64, no - or _ in front";

    private TenantsReader() {}

    static Tenants read(Section root, Map<String, ChannelConfig> channels, String defaultAgent) {
        var agents = new LinkedHashMap<String, String>();
        Section listed = root.section("agents");
        for (String id : listed.names()) {
            agents.put(id, listed.section(id).value("tenant", (text, key) -> name(text)));
        }
        var accounts = new LinkedHashMap<Tenants.Account, String>();
        channels.forEach((channel, config) -> {
            Section sections = root.section("channels").section(channel).section("accounts");
            config.accounts().forEach((id, settings) -> {
                String written = settings.text("tenant").orElse(Tenants.DEFAULT);
                if (!NAME.matcher(written).matches()) {
                    sections.section(id).wrong("tenant", "no name for a tenant", CURE);
                    written = Tenants.DEFAULT;
                }
                accounts.put(new Tenants.Account(channel, id), written);
            });
        });
        return new Tenants(agents, accounts, defaultAgent);
    }

    /** That of a token, which may see all. */
    static String seenBy(String text) throws Wrong {
        return text.equals(Tenants.ALL) ? text : name(text);
    }

    private static String name(String text) throws Wrong {
        if (!NAME.matcher(text).matches()) {
            throw new Wrong("is no name for a tenant", CURE);
        }
        return text;
    }
}
