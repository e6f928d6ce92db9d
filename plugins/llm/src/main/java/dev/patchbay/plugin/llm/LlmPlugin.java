package dev.patchbay.plugin.llm;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentHost;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.pf4j.Extension;

/** Language models as agents. Nothing of the libraries below is loaded before the first turn. */
@Extension
public final class LlmPlugin implements AgentPlugin {
    private static final Set<String> REQUIRED = Set.of("provider", "model");

    @Override
    public String type() {
        return "llm";
    }

    @Override
    public String settingsSchema() {
        try (InputStream in = LlmPlugin.class.getResourceAsStream("settings-schema.json")) {
            if (in == null) {
                throw new IllegalStateException("settings-schema.json is missing from the plugin");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public List<SettingProblem> check(Settings settings) {
        var problems = new ArrayList<SettingProblem>();
        LlmSettings.read(settings, problems);
        // What is missing altogether the schema has said; with an unknown provider nobody knows which key is needed.
        boolean isKnown = problems.stream().noneMatch(problem -> problem.key().equals("provider"));
        return problems.stream()
                .filter(problem -> settings.has(problem.key()) || !REQUIRED.contains(problem.key()))
                .filter(problem -> isKnown || !problem.key().equals("api-key"))
                .toList();
    }

    @Override
    public Agent open(String agentId, Settings settings) throws AgentFailed {
        throw new AgentFailed("this plugin needs a hub that offers agents a host; take a newer hub");
    }

    @Override
    public Agent open(String agentId, Settings settings, AgentHost host) throws AgentFailed {
        var problems = new ArrayList<SettingProblem>();
        LlmSettings wanted = LlmSettings.read(settings, problems);
        if (!problems.isEmpty()) {
            throw new AgentFailed(problems.stream()
                    .map(problem -> problem.key() + ": " + problem.message() + "; " + problem.cure())
                    .collect(Collectors.joining("\n")));
        }
        return new LlmAgent(agentId, wanted, host, Patience.SYSTEM);
    }
}
