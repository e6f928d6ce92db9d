package dev.patchbay.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system of its own for a hub's data folder, so small that a test can fill it: in a mount namespace that needs no special rights.
 * Where the system does not allow that, the folder's own disk, which cannot be filled.
 */
final class SmallDisk {
    private static final int PIECE = 64 * 1024;

    private final Path data;
    private final boolean real;

    SmallDisk(Path data) throws IOException, InterruptedException {
        this.data = Files.createDirectories(data).toAbsolutePath();
        this.real = Files.isDirectory(Path.of("/proc/self/root")) && isAllowed();
    }

    /** Whether it can be filled to the last byte. */
    boolean isReal() {
        return real;
    }

    /** The command that runs a hub on it. */
    List<String> runBy(int megabytes) {
        return real
                ? List.of(
                        "unshare",
                        "-rm",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=" + megabytes + "m tmpfs '" + data + "' && exec \"$@\"",
                        "sh")
                : List.of();
    }

    /** A file in it, as this process reaches it. */
    Path file(HubProcess hub, String name) {
        return real ? Path.of("/proc/" + hub.pid() + "/root" + data).resolve(name) : data.resolve(name);
    }

    /** Bytes that are left. */
    long free(HubProcess hub) throws IOException {
        return Files.getFileStore(file(hub, "hub.lock")).getUsableSpace();
    }

    /** Writes a file of so many bytes, or as many as there is room for. */
    void fill(HubProcess hub, long bytes) throws IOException {
        var piece = new byte[PIECE];
        try (OutputStream out = Files.newOutputStream(file(hub, "ballast"))) {
            for (long left = bytes; left > 0; left -= PIECE) {
                out.write(piece, 0, (int) Math.min(PIECE, left));
            }
        } catch (IOException full) {
            if (!real) {
                throw full;
            }
        }
    }

    void clear(HubProcess hub) throws IOException {
        Files.delete(file(hub, "ballast"));
    }

    private static boolean isAllowed() throws InterruptedException {
        try {
            Process trial = new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt").start();
            return trial.waitFor(10, TimeUnit.SECONDS) && trial.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
