/** An example of a channel that speaks a real protocol: IRC. */
@NullMarked
package dev.patchbay.example.irc;

import org.jspecify.annotations.NullMarked;
