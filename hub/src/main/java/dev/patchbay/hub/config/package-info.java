/**
 * The configuration: one file, the environment and the command line become one checked {@link
 * dev.patchbay.hub.config.HubConfig}, or the list of everything that is wrong with them.
 */
@NullMarked
package dev.patchbay.hub.config;

import org.jspecify.annotations.NullMarked;
