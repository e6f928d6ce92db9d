/** The way out: a durable, ordered queue per channel, account, peer and thread. */
@NullMarked
package dev.patchbay.hub.delivery;

import org.jspecify.annotations.NullMarked;
