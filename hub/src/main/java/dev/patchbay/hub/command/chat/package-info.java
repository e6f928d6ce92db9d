/** A conversation with the hub: for people at a terminal, and for pipes. */
@NullMarked
package dev.patchbay.hub.command.chat;

import org.jspecify.annotations.NullMarked;
