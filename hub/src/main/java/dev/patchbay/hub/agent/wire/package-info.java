/** The JSON that services and child processes are asked with, and in which they answer. */
@NullMarked
package dev.patchbay.hub.agent.wire;

import org.jspecify.annotations.NullMarked;
