package dev.patchbay.hub.gateway.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** A value that can write itself as JSON. May be written more than once, so writing changes nothing. */
@FunctionalInterface
public interface RpcResult {
    RpcResult NULL = JsonGenerator::writeNull;

    void write(JsonGenerator json) throws IOException;
}
