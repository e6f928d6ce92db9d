/** Who speaks in a conversation: agents behind a place limit, a circuit breaker, a timeout and a fallback each. */
@NullMarked
package dev.patchbay.hub.agent;

import org.jspecify.annotations.NullMarked;
