/** Who owns what: agents and accounts, and through them sessions, deliveries and events. Pure. */
@NullMarked
package dev.patchbay.hub.tenant;

import org.jspecify.annotations.NullMarked;
