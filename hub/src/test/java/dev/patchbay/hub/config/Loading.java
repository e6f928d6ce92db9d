package dev.patchbay.hub.config;

import dev.patchbay.api.Settings;
import dev.patchbay.hub.config.HubConfig.AgentConfig;
import dev.patchbay.hub.config.HubConfig.ChannelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A configuration in a folder of its own: write the file, set the environment and the command line, load. */
final class Loading {
    static final String FILE = "hub.yaml";

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> sets = new ArrayList<>();
    private Optional<String> file = Optional.empty();

    Loading(Path folder) {
        this.folder = folder;
    }

    Loading file(String yaml) throws IOException {
        Files.writeString(folder.resolve(FILE), yaml);
        return named(FILE);
    }

    Loading named(String name) {
        file = Optional.of(name);
        return this;
    }

    Loading env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Loading set(String set) {
        sets.add(set);
        return this;
    }

    LoadedConfig load() {
        return new ConfigLoader(environment, folder).load(file, sets);
    }

    List<String> problems() {
        return load().problems().stream().map(Problem::toString).toList();
    }

    static AgentConfig agent(HubConfig config, String id) {
        return Objects.requireNonNull(config.agents().get(id), id);
    }

    static ChannelConfig channel(HubConfig config, String name) {
        return Objects.requireNonNull(config.channels().get(name), name);
    }

    static Settings account(HubConfig config, String channel, String id) {
        return Objects.requireNonNull(channel(config, channel).accounts().get(id), id);
    }
}
