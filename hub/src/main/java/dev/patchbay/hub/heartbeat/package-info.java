/** Agents that speak up by themselves: when they may, what they are asked, and what is worth saying. */
@NullMarked
package dev.patchbay.hub.heartbeat;

import org.jspecify.annotations.NullMarked;
