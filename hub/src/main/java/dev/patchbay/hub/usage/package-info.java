/** What agents use and what it costs: counted with the turn that used it, and stopped when a budget is spent. */
@NullMarked
package dev.patchbay.hub.usage;

import org.jspecify.annotations.NullMarked;
