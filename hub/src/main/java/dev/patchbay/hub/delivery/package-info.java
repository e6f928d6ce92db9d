/** The way out: the durable queue, its lanes, retries and dead letters, and the parts of long texts. */
@NullMarked
package dev.patchbay.hub.delivery;

import org.jspecify.annotations.NullMarked;
