/** What people type: the commands, and how they start and stop the hub. */
@NullMarked
package dev.patchbay.hub.command;

import org.jspecify.annotations.NullMarked;
