/** The way to a running hub: where it is, which token opens it, and JSON-RPC over HTTP and WebSocket. */
@NullMarked
package dev.patchbay.hub.command.wire;

import org.jspecify.annotations.NullMarked;
