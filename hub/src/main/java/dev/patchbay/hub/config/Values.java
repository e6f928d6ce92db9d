package dev.patchbay.hub.config;

import dev.patchbay.api.Settings;
import dev.patchbay.hub.config.HubConfig.RateLimit;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the text of a value becomes what it means, within the key's range. */
final class Values {
    private static final Pattern RATE = Pattern.compile("(\\d{1,9})\\s*/\\s*([smh])");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");

    /** YAML writes small ones with an exponent. */
    private static final Pattern AMOUNT = Pattern.compile("-?\\d{1,12}(?:\\.\\d{1,12})?(?:[eE][-+]?\\d{1,2})?");

    private static final Map<String, Duration> PER =
            Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1));

    private Values() {}

    /** Reads the text of a value. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(String text, Key key) throws Wrong;
    }

    /** The text means nothing. {@code what} completes a sentence that begins with the value. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        private final String what;
        private final String cure;

        Wrong(String what, String cure) {
            super(what, null, false, false);
            this.what = what;
            this.cure = cure;
        }

        String what() {
            return what;
        }

        String cure() {
            return cure;
        }
    }

    static int number(String text, Key key) throws Wrong {
        if (!text.matches("-?\\d+")) {
            throw new Wrong("is not a whole number", "write a number, " + key.range());
        }
        // More digits than a long has are out of every range.
        long number = text.length() > 18 ? Long.MAX_VALUE : Long.parseLong(text);
        return (int) within(number, Long.parseLong(key.min()), Long.parseLong(key.max()), key);
    }

    static boolean flag(String text, Key key) throws Wrong {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new Wrong(
                        "is neither true nor false",
                        switch (text.toLowerCase(Locale.ROOT)) {
                            case "yes", "on", "y", "1", "true" -> "write true";
                            case "no", "off", "n", "0", "false" -> "write false";
                            default -> "write true or false";
                        });
        };
    }

    static Duration duration(String text, Key key) throws Wrong {
        Duration duration = Settings.parseDuration(text)
                .orElseThrow(() -> text.matches("\\d+")
                        ? new Wrong("has no unit", "write " + text + "s if seconds are meant (ms, s, m, h, d)")
                        : new Wrong("is not a duration", "write for instance 30s (ms, s, m, h, d)"));
        if (duration.compareTo(bound(key.min())) < 0 || duration.compareTo(bound(key.max())) > 0) {
            throw outOfRange(key);
        }
        return duration;
    }

    static long size(String text, Key key) throws Wrong {
        long bytes = Settings.parseBytes(text)
                .orElseThrow(() -> text.matches("\\d+")
                        ? new Wrong("has no unit", "write " + text + "MB if megabytes are meant (B, KB, MB, GB)")
                        : new Wrong("is not a size", "write for instance 10MB (B, KB, MB, GB)"));
        return within(
                bytes,
                Settings.parseBytes(key.min()).orElseThrow(),
                Settings.parseBytes(key.max()).orElseThrow(),
                key);
    }

    static Optional<RateLimit> rate(String text, Key key) throws Wrong {
        if (text.equals("off")) {
            return Optional.empty();
        }
        Matcher matcher = RATE.matcher(text);
        if (!matcher.matches()) {
            throw new Wrong("is not a rate", "write off, or for instance 50/s (s, m, h)");
        }
        long requests =
                within(Long.parseLong(matcher.group(1)), Long.parseLong(key.min()), Long.parseLong(key.max()), key);
        return Optional.of(new RateLimit((int) requests, PER.getOrDefault(matcher.group(2), Duration.ofSeconds(1))));
    }

    /** From 0 to 1. */
    static double percent(String text, Key key) throws Wrong {
        Matcher matcher = PERCENT.matcher(text);
        if (!matcher.matches()) {
            throw new Wrong("is not a percentage", "write for instance 10%");
        }
        double percent = Double.parseDouble(matcher.group(1));
        if (percent < Double.parseDouble(key.min().replace("%", ""))
                || percent > Double.parseDouble(key.max().replace("%", ""))) {
            throw outOfRange(key);
        }
        return percent / 100;
    }

    /** An amount of money. */
    static BigDecimal amount(String text, Key key) throws Wrong {
        if (!AMOUNT.matcher(text).matches()) {
            throw new Wrong("is not an amount", "write a number, for instance 0.15");
        }
        var amount = new BigDecimal(text);
        if (amount.compareTo(new BigDecimal(key.min())) < 0 || amount.compareTo(new BigDecimal(key.max())) > 0) {
            throw outOfRange(key);
        }
        return amount;
    }

    /** Addresses that share their first bits: {@code 10.0.0.0/8}, {@code fd00::/8}; one alone is a network, too. */
    static String network(String text, Key key) throws Wrong {
        String[] parts = text.split("/", -1);
        try {
            int width = InetAddress.ofLiteral(parts[0]).getAddress().length * 8;
            int bits = parts.length == 1 ? width : Integer.parseInt(parts[1]);
            if (parts.length <= 2 && bits >= 0 && bits <= width) {
                return text;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // Said below.
        }
        throw new Wrong("is no network", "write for instance 10.0.0.0/8 or fd00::/8");
    }

    /** One of the key's words. */
    static String word(String text, Key key) throws Wrong {
        if (!key.words().contains(text)) {
            throw new Wrong("is not known", Nearest.cure(text, key.words()));
        }
        return text;
    }

    /** One of the key's words as the constant of the same name. */
    static <E extends Enum<E>> Parser<E> constant(Class<E> type) {
        return (text, key) ->
                Enum.valueOf(type, word(text, key).toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static Duration bound(String text) {
        return Settings.parseDuration(text).orElseThrow();
    }

    private static long within(long value, long min, long max, Key key) throws Wrong {
        if (value < min || value > max) {
            throw outOfRange(key);
        }
        return value;
    }

    private static Wrong outOfRange(Key key) {
        return new Wrong("is out of range", "write " + key.range());
    }
}
