/** The channel of terminals: shows messages to those who run {@code patchbay chat}. */
@NullMarked
package dev.patchbay.plugin.cli;

import org.jspecify.annotations.NullMarked;
