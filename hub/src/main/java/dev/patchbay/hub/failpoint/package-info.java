/** Places where a running hub can be made to die, fail or be late on purpose, so that every step towards durability is tried. */
@NullMarked
package dev.patchbay.hub.failpoint;

import org.jspecify.annotations.NullMarked;
