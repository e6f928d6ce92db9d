package dev.patchbay.example.irc;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.Pacing.Limit;
import dev.patchbay.api.TextLimit;
import java.time.Duration;
import java.util.List;
import org.pf4j.Extension;

/** IRC as a channel: one account is one nick on one server, in any number of its channels. */
@Extension
public final class IrcPlugin implements ChannelPlugin {

    /** A line has 512 bytes; the server puts nick, user and host in front, and the target needs room as well. */
    private static final int TEXT_BYTES_MAX = 350;

    @Override
    public String type() {
        return "irc";
    }

    @Override
    public String accountSchema() {
        return """
            {
              "type": "object",
              "properties": {
                "host": { "type": "string", "description": "The server" },
                "port": { "type": "integer", "minimum": 1, "maximum": 65535, "description": "6667, with TLS usually 6697" },
                "tls": { "type": "boolean", "description": "Encrypt; false unless said otherwise" },
                "nick": { "type": "string", "pattern": "^[A-Za-z\\\\[\\\\]\\\\\\\\`_^{|}][A-Za-z0-9\\\\[\\\\]\\\\\\\\`_^{|}-]{0,29}$" },
                "password": { "type": "string", "writeOnly": true, "description": "The server's password, if it wants one" },
                "join": { "type": "array", "items": { "type": "string", "pattern": "^[#&][^ ,:]{1,49}$" } }
              },
              "required": ["host", "nick"]
            }
            """;
    }

    @Override
    public boolean isConfigured(ChannelSettings settings) {
        return settings.account().text("host").isPresent();
    }

    @Override
    public TextLimit textLimit(ChannelSettings settings) {
        return new TextLimit(TEXT_BYTES_MAX, TextLimit.Unit.UTF8);
    }

    /** Servers drop clients that write faster for long. */
    @Override
    public Pacing pacing(ChannelSettings settings) {
        return new Pacing(List.of(new Limit.Bucket(5, Duration.ofSeconds(1))), List.of(), List.of());
    }

    @Override
    public boolean meetsStrangers() {
        return true;
    }

    @Override
    public Channel open(ChannelSettings settings, ChannelHost host) {
        return IrcChannel.open(IrcSettings.of(settings.account()), host);
    }
}
