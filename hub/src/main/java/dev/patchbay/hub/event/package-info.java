/** What clients are told while it happens, and what they catch up on afterwards. */
@NullMarked
package dev.patchbay.hub.event;

import org.jspecify.annotations.NullMarked;
