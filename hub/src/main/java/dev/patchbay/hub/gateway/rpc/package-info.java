/** JSON-RPC 2.0 without a transport: bytes and a caller in, bytes out. */
@NullMarked
package dev.patchbay.hub.gateway.rpc;

import org.jspecify.annotations.NullMarked;
