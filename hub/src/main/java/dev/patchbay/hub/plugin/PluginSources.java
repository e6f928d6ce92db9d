package dev.patchbay.hub.plugin;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where plugins come from.
 *
 * @param shipped folders of the distribution; only read
 * @param dropIns the operator's folder, {@code plugins.dir}; only read, need not exist
 * @param work a folder for unpacked plugins that belongs to this hub alone, made if it is missing; empty: one that is removed when
 *     the host is closed
 * @param apiVersion what plugins compare {@code Plugin-Requires} with, for instance {@code 0.1.0}
 * @param startTimeout the bound on starting one plugin, {@code plugins.start-timeout}
 */
public record PluginSources(
        List<Path> shipped, Path dropIns, Optional<Path> work, String apiVersion, Duration startTimeout) {
    public PluginSources {
        shipped = List.copyOf(shipped);
    }
}
