/** Plugin files: found, loaded, started, replaced while the hub runs, and kept from harming anybody else. */
@NullMarked
package dev.patchbay.hub.plugin;

import org.jspecify.annotations.NullMarked;
