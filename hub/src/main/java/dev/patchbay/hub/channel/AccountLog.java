package dev.patchbay.hub.channel;

import dev.patchbay.api.ChannelSettings;
import dev.patchbay.hub.config.Secrets;
import dev.patchbay.hub.plugin.PluginFault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What is said about one account. Plugins' words may hold anything: known secrets are replaced, length and number are bounded,
 * because whoever can make a plugin throw could otherwise fill the disk. Safe for many threads.
 */
final class AccountLog {
    private static final Logger log = LoggerFactory.getLogger(Channels.class);

    private static final int SECRET_MIN = 4;
    private static final int WORDS_MAX = 500;
    private static final int STACK_MAX = 8_000;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int LINES_PER_WINDOW = 30;

    private final String name;
    private final String account;
    private final Clock clock;
    private final List<String> secrets;
    private Instant windowEnds = Instant.EPOCH;
    private int lines;

    AccountLog(String pluginId, ChannelSettings settings, Clock clock) {
        this.name = "plugin=" + pluginId + " channel=" + settings.channel() + " account=" + settings.accountId();
        this.account = settings.channel() + ":" + settings.accountId();
        this.clock = clock;
        var found = new TreeSet<String>();
        collect(settings.account().asMap(), false, found);
        collect(settings.shared().asMap(), false, found);
        // Longest first: one secret may be the beginning of another.
        this.secrets = found.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** A plugin's words as they may be shown: one line, bounded, without the account's secrets. */
    String tidy(String words) {
        // Masked before it is cut: the first half of a secret would not be recognised.
        String shown = cut(masked(words), STACK_MAX)
                .replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ")
                .strip();
        return cut(shown, WORDS_MAX);
    }

    /** A plugin did what it must not do. */
    void fault(String what, PluginFault fault) {
        warn(what, fault.trace(this::masked));
    }

    /** The same of a plugin that answered nonsense. */
    void fault(String what, String nonsense) {
        warn(what, tidy(nonsense));
    }

    /** The account has come into another state. */
    void state(ChannelStatus status) {
        if (mayWrite()) {
            boolean bad = status.state() == ChannelStatus.State.FAILED;
            log.atLevel(bad ? Level.WARN : Level.INFO)
                    .log(
                            "channel {} is {}{}",
                            account,
                            status.state().word().replace('_', ' '),
                            status.lastError().map(why -> ": " + why).orElse(""));
        }
    }

    private void warn(String what, String details) {
        if (mayWrite()) {
            log.warn("{} plugin fault in {}: {}", name, what, details);
        }
    }

    private synchronized boolean mayWrite() {
        Instant now = clock.instant();
        if (!now.isBefore(windowEnds)) {
            if (lines > LINES_PER_WINDOW) {
                log.warn("{} {} more lines were left out", name, lines - LINES_PER_WINDOW);
            }
            windowEnds = now.plus(WINDOW);
            lines = 0;
        }
        lines++;
        return lines <= LINES_PER_WINDOW;
    }

    private String masked(String words) {
        String shown = words;
        for (String secret : secrets) {
            shown = shown.replace(secret, Secrets.MASK);
        }
        return Secrets.maskedAddress(shown);
    }

    private static String cut(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max) + "…";
    }

    private static void collect(Object value, boolean secret, Set<String> found) {
        switch (value) {
            case Map<?, ?> section ->
                section.forEach((key, each) -> collect(each, secret || Secrets.isSecret(key.toString()), found));
            case Collection<?> list -> list.forEach(each -> collect(each, secret, found));
            default -> {
                if (secret && value.toString().length() >= SECRET_MIN) {
                    found.add(value.toString());
                }
            }
        }
    }
}
