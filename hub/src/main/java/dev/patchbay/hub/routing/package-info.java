/**
 * Who answers a message, and under which session key: pure, immutable, without I/O, for any number of threads.
 *
 * <p>{@link dev.patchbay.hub.routing.BindingTable} reads the rules and says what is wrong with them, {@link
 * dev.patchbay.hub.routing.Router} applies them, {@link dev.patchbay.hub.routing.SessionKey} names the conversation.
 */
@NullMarked
package dev.patchbay.hub.routing;

import org.jspecify.annotations.NullMarked;
