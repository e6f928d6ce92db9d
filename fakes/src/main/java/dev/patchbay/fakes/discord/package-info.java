/** A stand-in for Discord: its REST interface, its gateway, and the people, guilds and channels behind both. */
@NullMarked
package dev.patchbay.fakes.discord;

import org.jspecify.annotations.NullMarked;
