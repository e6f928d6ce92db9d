/** Keeps what is in memory at once within the heap: budgets for big things, and a guard that refuses before nothing is left. */
@NullMarked
package dev.patchbay.hub.memory;

import org.jspecify.annotations.NullMarked;
