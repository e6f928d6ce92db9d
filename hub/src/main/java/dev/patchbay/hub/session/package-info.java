/** The conversation: messages come in through one door, wait in their session's lane, and become turns. */
@NullMarked
package dev.patchbay.hub.session;

import org.jspecify.annotations.NullMarked;
