package dev.patchbay.hub.agent;

import dev.patchbay.api.Settings;
import dev.patchbay.hub.config.Secrets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Makes one harmless line of what a plugin or a program says. Immutable. */
public final class SecretMask {
    private static final Pattern SECRET_KEY =
            Pattern.compile("secret|token|password|key|authorization", Pattern.CASE_INSENSITIVE);
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+");
    private static final int SECRET_LENGTH_MIN = 4;
    private static final int LINE_LENGTH_MAX = 300;

    private final List<String> secrets;

    /** Knows the secrets by the names of their keys: services like to repeat a wrong key in their error. */
    public SecretMask(Settings settings) {
        Set<String> found = new TreeSet<>();
        collect(settings.asMap(), false, found);
        // Longest first: one secret may hold another.
        secrets = found.stream()
                .sorted((one, other) -> other.length() - one.length())
                .toList();
    }

    /** At most 300 characters, without the agent's secrets. */
    public String line(String text) {
        String line = text;
        for (String secret : secrets) {
            line = line.replace(secret, "***");
        }
        line = CONTROL.matcher(line).replaceAll(" ").strip();
        return AnswerText.wellFormed(
                line.length() <= LINE_LENGTH_MAX ? line : line.substring(0, LINE_LENGTH_MAX) + "…");
    }

    private static void collect(Object value, boolean secret, Set<String> found) {
        switch (value) {
            case Map<?, ?> map ->
                map.forEach((key, below) -> collect(
                        below,
                        secret || SECRET_KEY.matcher(key.toString()).find() || Secrets.isSecret(key.toString()),
                        found));
            case List<?> list -> list.forEach(each -> collect(each, secret, found));
            case String text when secret && text.length() >= SECRET_LENGTH_MIN -> found.add(text);
            default -> {}
        }
    }
}
