package dev.patchbay.hub.gateway.rpc;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods that there are. Immutable. */
public final class RpcRegistry {
    private final Map<String, RpcMethod> methods = new LinkedHashMap<>();

    public RpcRegistry(Collection<RpcMethod> all) {
        for (RpcMethod each : all) {
            if (methods.put(each.name(), each) != null) {
                throw new IllegalArgumentException("method " + each.name() + " is there twice");
            }
        }
    }

    /** These methods, and {@code rpc.discover} that describes them all. */
    public static RpcRegistry selfDescribing(String version, Collection<RpcMethod> all) {
        return new RpcRegistry(OpenRpc.withDiscovery(version, List.copyOf(all)));
    }

    @Nullable
    RpcMethod find(String name) {
        return methods.get(name);
    }
}
