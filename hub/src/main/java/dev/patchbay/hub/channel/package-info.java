/** Accounts of channels: opened, supervised, and kept from harming each other. */
@NullMarked
package dev.patchbay.hub.channel;

import org.jspecify.annotations.NullMarked;
