package dev.patchbay.example.irc;

import dev.patchbay.api.Settings;
import java.util.List;

/**
 * How to connect.
 *
 * @param password empty if the server wants none
 * @param join names of channels, with their {@code #}
 */
record IrcSettings(String host, int port, boolean tls, String nick, String password, List<String> join) {
    static IrcSettings of(Settings account) {
        boolean tls = account.flag("tls", false);
        return new IrcSettings(
                account.text("host", "localhost"),
                (int) account.number("port", tls ? 6697 : 6667, 1, 65_535),
                tls,
                account.text("nick", "patchbay"),
                account.text("password", ""),
                account.texts("join"));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return nick + " on " + host + ":" + port;
    }
}
