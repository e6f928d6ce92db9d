package dev.patchbay.hub.gateway.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** A value that can write itself as JSON. */
@FunctionalInterface
public interface RpcResult {
    RpcResult NULL = JsonGenerator::writeNull;

    void write(JsonGenerator json) throws IOException;
}
