/** The channel of HTTP services: signed requests bring messages in, signed callbacks carry answers out. */
@NullMarked
package dev.patchbay.plugin.webhook;

import org.jspecify.annotations.NullMarked;
