/** Plugins and their channels: loaded, opened, supervised, and kept from harming anybody else. */
@NullMarked
package dev.patchbay.hub.channel;

import org.jspecify.annotations.NullMarked;
