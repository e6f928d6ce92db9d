package dev.patchbay.hub.gateway.rpc;

import dev.patchbay.hub.lane.Lanes;
import java.util.Optional;

/**
 * The far end of a transport: one socket, or one HTTP request.
 *
 * @param address where it comes from, for limits per client
 * @param loopback whether it comes from this machine
 * @param order calls under one key begin one after the other, in the order in which they came
 * @param events where events go; empty if the transport carries none
 */
public record RpcClient(
        Caller caller, String address, boolean loopback, Lanes<Object> order, Optional<EventStream> events) {}
