/**
 * What Patchbay remembers. {@link dev.patchbay.hub.store.Store} is the only door; SQL stays behind it.
 */
@NullMarked
package dev.patchbay.hub.store;

import org.jspecify.annotations.NullMarked;
