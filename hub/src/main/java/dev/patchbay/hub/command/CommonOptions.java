package dev.patchbay.hub.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

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
            converter = KeyAndValue.class,
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

    /** Refuses what has no key, without quoting it: it may be a secret. */
    static final class KeyAndValue implements ITypeConverter<String> {
        /** Names joined by dots, none of them blank, then the value. */
        private static final Pattern FORM = Pattern.compile("(?s)([^=.]*[^=.\\s][^=.]*\\.)*[^=.]*[^=.\\s][^=.]*=.*");

        @Override
        public String convert(String text) {
            if (!FORM.matcher(text).matches()) {
                throw new TypeConversionException("has no key; write --set key=value, for instance server.port=8081");
            }
            return text;
        }
    }

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
