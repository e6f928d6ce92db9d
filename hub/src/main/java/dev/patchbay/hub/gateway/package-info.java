/** The doors: HTTP, JSON-RPC, WebSocket; tokens and limits. */
@NullMarked
package dev.patchbay.hub.gateway;

import org.jspecify.annotations.NullMarked;
