package dev.patchbay.hub.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command has, before or after its name. Filled in by picocli. */
final class CommonOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "the configuration (default: config/hub.yaml if there is one)")
    private @Nullable String config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "override one configuration key; may be repeated")
    private List<String> sets = new ArrayList<>();

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "results as JSON, one document per line")
    private boolean isJson;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "say more; errors with their stack")
    private boolean isVerbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this")
    @SuppressWarnings("unused") // picocli acts on it itself
    private boolean isHelp;

    Optional<String> config() {
        return Optional.ofNullable(config);
    }

    List<String> sets() {
        return List.copyOf(sets);
    }

    boolean isJson() {
        return isJson;
    }

    boolean isVerbose() {
        return isVerbose;
    }
}
