package dev.patchbay.hub.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills {@code ${NAME}} and {@code ${NAME:default}} from the environment. A second dollar sign in front keeps the text as it
 * is. As with a shell's {@code :-}, a variable that is set to nothing counts as not set.
 */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "\\$(?<escaped>\\$\\{)|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:(?<otherwise>[^}]*))?}|\\$\\{");

    private final Map<String, String> environment;
    private final List<Variable> variables = new ArrayList<>();

    Placeholders(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The text with its placeholders filled; those that cannot be filled become nothing. */
    String fill(String key, String text, Places places, List<Problem> problems) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        var filled = new StringBuilder();
        while (matcher.find()) {
            String value = "";
            if (matcher.group("escaped") != null) {
                value = "${";
            } else if (matcher.group("name") != null) {
                value = value(key, Objects.requireNonNull(matcher.group("name")), matcher.group("otherwise"), places);
            } else {
                problems.add(places.error(
                        key,
                        "a ${ that is no placeholder",
                        "write ${NAME}, ${NAME:default}, or $${ for the text itself"));
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(filled).toString();
    }

    /** All variables that were asked for, in order. */
    List<Variable> asked() {
        return List.copyOf(variables);
    }

    /** Those whose values count: nothing from the environment or the command line has replaced the text that asks for them. */
    List<Variable> needed(Places places) {
        return variables.stream()
                .filter(variable -> places.of(variable.key()).equals(variable.place()))
                .toList();
    }

    static Problem missing(Variable variable) {
        return Problem.error(
                variable.place(),
                Places.shown(variable.key()),
                "the environment variable " + variable.name() + " is not set",
                "set it, or write ${" + variable.name() + ":default}");
    }

    private String value(String key, String name, @Nullable String otherwise, Places places) {
        String value = environment.getOrDefault(name, "");
        variables.add(new Variable(name, key, places.of(key), need(otherwise), !value.isEmpty()));
        if (!value.isEmpty()) {
            return value;
        }
        if (otherwise == null) {
            places.unfilled(key);
            return "";
        }
        return otherwise;
    }

    private static Variable.Need need(@Nullable String otherwise) {
        if (otherwise == null) {
            return Variable.Need.REQUIRED;
        }
        return otherwise.isBlank() ? Variable.Need.RECOMMENDED : Variable.Need.OPTIONAL;
    }
}
