package dev.patchbay.hub;

import dev.patchbay.hub.command.HubRunner.NotStarted;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.gateway.Gateway;
import dev.patchbay.hub.gateway.GatewaySettings;
import dev.patchbay.hub.store.StoreException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Why a hub does not start, each reason with the cure that fits it. */
final class StartTrouble {
    private StartTrouble() {}

    /**
     * Before anything else is opened: what only suffers from it would report faults of its own.
     *
     * @throws NotStarted naming the folder, if it is not there and cannot be made, or may not be written
     */
    static void refuseUnwritable(Path dataDir) throws NotStarted {
        IOException why = null;
        try {
            Files.createDirectories(dataDir);
        } catch (IOException cannot) {
            why = cannot;
        }
        if (why != null || !Files.isWritable(dataDir)) {
            throw unwritable(dataDir, why == null ? new IOException("not writable") : why);
        }
    }

    /** @throws NotStarted if host and port cannot be listened on */
    static void refuseTaken(GatewaySettings settings) throws NotStarted {
        try {
            Gateway.checkFree(settings);
        } catch (IOException taken) {
            throw listening(taken);
        }
    }

    /** @throws NotStarted if what is asked for is unknown; naming what is known */
    static FailPoints failPoints(HubAssembly.Mishaps mishaps) throws NotStarted {
        try {
            return mishaps.read();
        } catch (IllegalArgumentException wrong) {
            throw new NotStarted(
                    "-D" + Main.FAIL_POINTS + ": " + wrong.getMessage(), "correct it, or leave it out", wrong);
        }
    }

    /** The store refuses to open, with a cure of its own if it knows one. */
    static NotStarted of(StoreException refused) {
        return new NotStarted(
                refused.what(),
                refused.cure().orElse("look at the disk under hub.data-dir and store.url; the log says more"),
                refused);
    }

    /** Files of the hub's own cannot be used. */
    static NotStarted of(IOException refused, Path dataDir) {
        return new NotStarted(
                "a file of the hub cannot be used: " + refused.getMessage(),
                "let the hub's user read and write all that is in " + dataDir,
                refused);
    }

    /** Host and port, which the message names, cannot be listened on. */
    static NotStarted listening(IOException refused) {
        String what = String.valueOf(refused.getMessage());
        boolean isHost =
                refused.getCause() instanceof UnknownHostException || what.contains("assign requested address");
        return new NotStarted(
                what,
                isHost
                        ? "write an address of this machine as server.host"
                        : "choose another server.port, or stop what listens there",
                refused);
    }

    private static NotStarted unwritable(Path dataDir, IOException why) {
        return new NotStarted(
                "the data folder " + dataDir + " cannot be written",
                "let the hub's user write there, or choose another one with hub.data-dir",
                why);
    }
}
