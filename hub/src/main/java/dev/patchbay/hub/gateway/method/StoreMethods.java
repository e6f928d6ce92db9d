package dev.patchbay.hub.gateway.method;

import dev.patchbay.hub.gateway.method.StoreDesk.NotDone;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import java.util.List;
import java.util.Map;

/** The store and its backups. */
public final class StoreMethods {
    private static final String BACKUP = "name, file, created_at, bytes, commit_number, verified, records, attachments,"
            + " attachments_missing, schema, hub_version, store_id";

    private final StoreDesk desk;

    public StoreMethods(StoreDesk desk) {
        this.desk = desk;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named(
                                "backup.create",
                                Access.ADMIN,
                                "Makes a backup while the hub works; answers when it has been read whole.")
                        .returns(BACKUP)
                        .by(call -> tree(desk::createBackup)),
                RpcMethod.named("backup.list", Access.ADMIN, "Shows the good backups, the newest first.")
                        .returns("folder, backups[{" + BACKUP + "}]")
                        .by(call -> tree(desk::backups)),
                RpcMethod.named("store.info", Access.READ, "Shows the store's size, rows and backups.")
                        .returns("kind, file, bytes, free_bytes, store_id, commit_number, mark?, schema, rows{},"
                                + " damaged, last_backup?, backup_trouble?, restored?")
                        .by(call -> tree(desk::info)),
                RpcMethod.named(
                                "store.check",
                                Access.ADMIN,
                                "Reads every record of a copy of the store; changes nothing.")
                        .returns("ok, records, commit_number, mark?, damaged, wrong, findings[{place, what, cure}]")
                        .by(call -> tree(desk::check)),
                RpcMethod.named("store.aside", Access.READ, "Shows the records that were set aside.")
                        .returns("records[{kind, id, reason, at, bytes}], the latest first, at most 1000")
                        .by(call -> tree(desk::setAside)),
                RpcMethod.named("store.optimize", Access.OPERATE, "Lets go of what is over its age.")
                        .returns("rounds, files, bytes_before, bytes")
                        .by(call -> tree(desk::optimize)),
                RpcMethod.named(
                                "store.acknowledge",
                                Access.OPERATE,
                                "Takes note that the store was restored by itself.")
                        .returns("acknowledged")
                        .by(call -> tree(() -> Map.of("acknowledged", desk.acknowledge()))));
    }

    private interface Doing {
        Map<String, Object> run() throws NotDone, InterruptedException;
    }

    private static RpcResult tree(Doing doing) throws RpcException, InterruptedException {
        try {
            Map<String, Object> result = doing.run();
            return json -> Json.tree(json, result);
        } catch (NotDone why) {
            throw RpcException.of(
                    why.isBusy() ? ErrorCode.FULL : ErrorCode.NOT_STORED, String.valueOf(why.getMessage()));
        }
    }
}
