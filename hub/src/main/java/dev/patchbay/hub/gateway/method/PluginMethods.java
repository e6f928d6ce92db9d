package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.hub.gateway.method.PluginDesk.NotTaken;
import dev.patchbay.hub.gateway.method.PluginDesk.PluginState;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Plugins: which there are, and changing them while the hub runs. */
public final class PluginMethods {
    private static final String PLUGIN = "{plugin_id, version, state, file, channels[], agents[], reason?}";

    private final PluginDesk desk;

    public PluginMethods(PluginDesk desk) {
        this.desk = desk;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named("plugins.list", Access.READ, "Shows all plugins.")
                        .returns("plugins[" + PLUGIN + "]")
                        .by(call -> list()),
                RpcMethod.named(
                                "plugins.install",
                                Access.ADMIN,
                                "Copies a jar or zip into the plugins folder and loads it; answers when it runs.")
                        .takes(Params.name("path", "the file, on the machine of the hub"))
                        .returns("plugin " + PLUGIN)
                        .by(this::install),
                RpcMethod.named(
                                "plugins.reload",
                                Access.ADMIN,
                                "Loads a plugin anew beside the one that runs; answers after the swap.")
                        .takes(Params.name("plugin_id", "the plugin"))
                        .returns("plugin " + PLUGIN)
                        .by(this::reload),
                RpcMethod.named(
                                "plugins.remove",
                                Access.ADMIN,
                                "Stops a plugin that is a drop-in and deletes its file.")
                        .takes(Params.name("plugin_id", "the plugin"))
                        .returns("removed")
                        .by(this::remove));
    }

    private RpcResult list() {
        List<PluginState> all = desk.plugins();
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("plugins");
            for (PluginState each : all) {
                write(json, each);
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    private RpcResult install(RpcCall call) throws RpcException, InterruptedException {
        try {
            return one(desk.install(Path.of(call.text("path")).toAbsolutePath()));
        } catch (InvalidPathException wrong) {
            throw RpcException.invalid("path", "is no path");
        } catch (NotTaken refused) {
            throw RpcException.invalid("path", String.valueOf(refused.getMessage()));
        }
    }

    private RpcResult reload(RpcCall call) throws RpcException, InterruptedException {
        String id = call.text("plugin_id");
        try {
            return one(desk.reload(id).orElseThrow(() -> missing(id)));
        } catch (NotTaken refused) {
            throw RpcException.invalid("plugin_id", String.valueOf(refused.getMessage()));
        }
    }

    private RpcResult remove(RpcCall call) throws RpcException, InterruptedException {
        String id = call.text("plugin_id");
        try {
            if (!desk.remove(id)) {
                throw missing(id);
            }
        } catch (NotTaken refused) {
            throw RpcException.invalid("plugin_id", String.valueOf(refused.getMessage()));
        }
        return json -> {
            json.writeStartObject();
            json.writeBooleanField("removed", true);
            json.writeEndObject();
        };
    }

    private static RpcException missing(String id) {
        return RpcException.of(ErrorCode.NOT_FOUND, "there is no plugin " + id);
    }

    private static RpcResult one(PluginState plugin) {
        return json -> {
            json.writeStartObject();
            json.writeFieldName("plugin");
            write(json, plugin);
            json.writeEndObject();
        };
    }

    private static void write(JsonGenerator json, PluginState plugin) throws IOException {
        json.writeStartObject();
        json.writeStringField("plugin_id", plugin.pluginId());
        json.writeStringField("version", plugin.version());
        json.writeStringField("state", plugin.state());
        json.writeStringField("file", plugin.file());
        json.writeFieldName("channels");
        Json.tree(json, plugin.channels());
        json.writeFieldName("agents");
        Json.tree(json, plugin.agents());
        Json.optional(json, "reason", plugin.reason().orElse(null));
        json.writeEndObject();
    }
}
