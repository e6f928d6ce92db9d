package dev.patchbay.hub.gateway.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one text of a client holds. */
sealed interface RpcDocument {

    record Single(Item item) implements RpcDocument {}

    record Batch(List<Item> items) implements RpcDocument {}

    /** One element. */
    sealed interface Item {
        /** The id as JSON text with the client's own digits; null for a notification. */
        @Nullable
        String id();
    }

    record Request(
            String method,
            @Nullable JsonNode params,
            @Nullable String id) implements Item {}

    /** No request; its id is {@code null} as JSON if it could not be told. */
    record Invalid(String id, RpcException error) implements Item {}
}
