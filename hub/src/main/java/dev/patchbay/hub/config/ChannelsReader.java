package dev.patchbay.hub.config;

import dev.patchbay.api.Settings;
import dev.patchbay.hub.config.HubConfig.ChannelConfig;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the section {@code channels}. What a channel and its accounts understand beyond the common keys, its plugin checks. */
final class ChannelsReader {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    /** The sections for all channels. */
    private final Section inbound;

    private final Section delivery;

    ChannelsReader(Section inbound, Section delivery) {
        this.inbound = inbound;
        this.delivery = delivery;
    }

    Map<String, ChannelConfig> read(Section sections) {
        var channels = new LinkedHashMap<String, ChannelConfig>();
        for (String written : sections.names()) {
            Section section = sections.section(written);
            String name = written.toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches()) {
                sections.wrong(written, "no name for a channel", "take a-z, 0-9 and -, at most 32, no - in front");
            }
            if (channels.containsKey(name)) {
                sections.wrong(written, "the same channel as " + name + ", whatever the case", "keep one of them");
            } else {
                channels.put(name, channel(name, section));
                sections.rename(written, name);
            }
        }
        return channels;
    }

    private ChannelConfig channel(String name, Section section) {
        Section in = section.section("inbound").over(inbound);
        Section out = section.section("delivery").over(delivery);
        return new ChannelConfig(
                name,
                section.value("enabled", Values::flag),
                section.rest(),
                accounts(section.section("accounts")),
                in.exists() ? Optional.of(InboundReader.read(in)) : Optional.empty(),
                out.exists() ? Optional.of(DeliveryReader.read(out)) : Optional.empty(),
                section.place());
    }

    private static Map<String, Settings> accounts(Section sections) {
        var accounts = new LinkedHashMap<String, Settings>();
        for (String written : sections.names()) {
            String id = written.toLowerCase(Locale.ROOT);
            if (!ACCOUNT.matcher(id).matches()) {
                sections.wrong(
                        written, "no name for an account", "take a-z, 0-9, - and _, at most 64, no - or _ in front");
            }
            if (accounts.containsKey(id)) {
                sections.wrong(written, "the same account as " + id + ", whatever the case", "keep one of them");
            } else {
                accounts.put(id, sections.section(written).rest());
                sections.rename(written, id);
            }
        }
        return accounts.isEmpty() ? Map.of("default", Settings.EMPTY) : accounts;
    }
}
