/** The agent that is a program: child processes that speak JSON lines, watched, bounded and started again. */
@NullMarked
package dev.patchbay.hub.agent.process;

import org.jspecify.annotations.NullMarked;
