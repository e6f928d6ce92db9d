/**
 * All that the author of a channel or an agent sees of Patchbay.
 *
 * <p>A jar or zip in the hub's plugins folder holds {@code @Extension} classes that implement {@link
 * dev.patchbay.api.ChannelPlugin} or {@link dev.patchbay.api.AgentPlugin}. The hub supplies this package, PF4J and SLF4J;
 * everything else comes from the plugin itself.
 *
 * <p>Sealed types travel only from plugin to hub, so that the hub can learn new kinds without breaking old plugins. What
 * travels to plugins grows by {@link dev.patchbay.api.Capability} and by default methods.
 */
@NullMarked
package dev.patchbay.api;

import org.jspecify.annotations.NullMarked;
