package dev.patchbay.plugin.llm;

import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says about one agent. Immutable.
 *
 * @param baseUrl as the requests need it
 * @param models the one to ask, then those that stand in for it
 * @param keys in the order in which they are tried; empty if the server wants none
 * @param lacksKey whether a key is needed and was left empty, so that every turn fails
 * @param contextTokens bound of a whole request
 */
record LlmSettings(
        Provider provider,
        String baseUrl,
        List<String> models,
        List<String> keys,
        boolean lacksKey,
        String system,
        Optional<Path> systemFile,
        @Nullable Double temperature,
        OptionalInt maxTokens,
        int contextTokens,
        int maxToolRounds,
        boolean memory,
        boolean images,
        List<ToolServerSettings> tools) {

    private static final int CONTEXT_TOKENS = 32_000;
    /** Ollama takes the memory for it from the machine at once. */
    private static final int CONTEXT_TOKENS_OLLAMA = 8_000;

    private static final int CONTEXT_TOKENS_MAX = 10_000_000;
    private static final int CONTEXT_TOKENS_MIN = 200;
    private static final Duration TOOL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration TOOL_START = Duration.ofSeconds(20);

    LlmSettings {
        models = List.copyOf(models);
        keys = List.copyOf(keys);
        tools = List.copyOf(tools);
    }

    @Override
    public String toString() {
        return "LlmSettings[" + provider + " " + models + "]";
    }

    /** Reads what has the shape of the schema. What is wrong beyond it goes to the problems. */
    static LlmSettings read(Settings settings, List<SettingProblem> problems) {
        Provider provider = provider(settings, problems);
        String address = settings.text("base-url", provider.official());
        if (settings.text("model").isEmpty()) {
            problems.add(new SettingProblem("model", "names no model", "write model: NAME, as the provider spells it"));
        }
        List<String> keys = keys(settings);
        boolean lacksKey = keys.isEmpty() && provider.wantsKey(address);
        if (lacksKey && !settings.has("api-key") && !settings.has("api-keys")) {
            String variable = provider.name() + "_API_KEY";
            problems.add(new SettingProblem(
                    "api-key",
                    address + " wants a key",
                    "write api-key: \"${" + variable + ":}\" and set " + variable));
        }
        return new LlmSettings(
                provider,
                provider.base(address),
                Stream.concat(
                                Stream.of(settings.text("model", "")),
                                settings.texts("fallback-models").stream().map(String::strip))
                        .filter(model -> !model.isBlank())
                        .distinct()
                        .toList(),
                keys,
                lacksKey,
                settings.text("system", ""),
                systemFile(settings, problems),
                temperature(settings, problems),
                settings.has("max-tokens")
                        ? OptionalInt.of((int) settings.number("max-tokens", 1, 1, 1_000_000))
                        : OptionalInt.empty(),
                (int) settings.number(
                        "context-tokens", contextTokens(provider), CONTEXT_TOKENS_MIN, CONTEXT_TOKENS_MAX),
                (int) settings.number("max-tool-rounds", 10, 0, 100),
                settings.flag("memory", false),
                settings.flag("images", provider != Provider.OLLAMA),
                tools(settings, problems));
    }

    private static Provider provider(Settings settings, List<SettingProblem> problems) {
        String word = settings.text("provider", "");
        for (Provider each : Provider.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
                return each;
            }
        }
        problems.add(new SettingProblem(
                "provider",
                word.isEmpty() ? "says nothing" : "there is no provider \"" + word + "\"",
                "write openai (or any server that speaks like it), anthropic or ollama"));
        return Provider.OPENAI;
    }

    private static int contextTokens(Provider provider) {
        return provider == Provider.OLLAMA ? CONTEXT_TOKENS_OLLAMA : CONTEXT_TOKENS;
    }

    private static List<String> keys(Settings settings) {
        return Stream.concat(settings.text("api-key").stream(), settings.texts("api-keys").stream())
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .distinct()
                .toList();
    }

    private static Optional<Path> systemFile(Settings settings, List<SettingProblem> problems) {
        if (!settings.has("system-file")) {
            return Optional.empty();
        }
        String name = settings.text("system-file", "");
        if (name.isBlank()) {
            problems.add(new SettingProblem("system-file", "names no file", "write its path, or leave the key out"));
            return Optional.empty();
        }
        if (settings.text("system").isPresent()) {
            problems.add(new SettingProblem("system-file", "stands beside system", "keep one of the two"));
        }
        try {
            Path file = Path.of(name);
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                problems.add(new SettingProblem(
                        "system-file",
                        "there is no file " + file.toAbsolutePath() + " to read",
                        "write it, or correct the path"));
            }
            return Optional.of(file);
        } catch (java.nio.file.InvalidPathException noPath) {
            problems.add(new SettingProblem("system-file", "is no path", "write for instance SOUL.md"));
            return Optional.empty();
        }
    }

    private static @Nullable Double temperature(Settings settings, List<SettingProblem> problems) {
        try {
            return settings.text("temperature").map(Double::valueOf).orElse(null);
        } catch (NumberFormatException noNumber) {
            problems.add(new SettingProblem("temperature", "is no number", "write for instance 0.7"));
            return null;
        }
    }

    private static List<ToolServerSettings> tools(Settings settings, List<SettingProblem> problems) {
        var servers = new ArrayList<ToolServerSettings>();
        var names = new HashSet<String>();
        int index = 0;
        for (Settings each : settings.sections("tools")) {
            String at = "tools." + index++;
            String name = each.text("name", "");
            if (!names.add(name)) {
                problems.add(new SettingProblem(at + ".name", "is taken by another entry", "choose another name"));
            }
            if (each.has("command") == each.has("url")) {
                problems.add(new SettingProblem(
                        at,
                        each.has("url") ? "has both a command and a url" : "has neither a command nor a url",
                        "write command: [PROGRAM, ARGUMENT, …] or url: ADDRESS"));
            }
            if (each.has("command")
                    && each.texts("command").stream().findFirst().orElse("").isBlank()) {
                problems.add(
                        new SettingProblem(at + ".command", "names no program", "write for instance [npx, server]"));
            }
            servers.add(new ToolServerSettings(
                    name,
                    each.texts("command"),
                    texts(each.section("env")),
                    each.text("url", ""),
                    texts(each.section("headers")),
                    each.duration("timeout", TOOL_TIMEOUT),
                    each.duration("start-timeout", TOOL_START)));
        }
        return servers;
    }

    private static Map<String, String> texts(Settings section) {
        var texts = new LinkedHashMap<String, String>();
        section.asMap().forEach((name, value) -> texts.put(name, Objects.toString(value)));
        return texts;
    }
}
