/** Finds again what was said: an index of all transcripts, derived from the store and never needed by it. */
@NullMarked
package dev.patchbay.hub.recall;

import org.jspecify.annotations.NullMarked;
