/** One after the other per key, side by side across keys. */
@NullMarked
package dev.patchbay.hub.lane;

import org.jspecify.annotations.NullMarked;
