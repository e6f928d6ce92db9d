package dev.patchbay.hub.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Copies a frozen file in a thread of its own, which nobody can interrupt: an interrupt would close the database's file. */
final class StoreCopying {
    private StoreCopying() {}

    /** Copies, then lets the file go on. Interrupted, it stops soon and leaves nothing. */
    static StoreCopy run(FreezeRequest.Frozen frozen, Path target, CopyWatch watch)
            throws IOException, InterruptedException {
        var isStopped = new AtomicBoolean();
        var copied = new AtomicReference<FileCopy.@Nullable Copied>();
        var failure = new AtomicReference<@Nullable Exception>();
        Thread thread = Thread.ofPlatform().name("store-copy").daemon().start(() -> {
            try (H2Freeze file = frozen.file()) {
                copied.set(FileCopy.copy(file::read, target, bytes -> {
                    if (isStopped.get()) {
                        throw new IOException("the copying was stopped");
                    }
                    watch.written(bytes);
                }));
            } catch (IOException | RuntimeException failed) {
                failure.set(failed);
            }
        });
        InterruptedException interrupt = null;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException stop) {
                isStopped.set(true);
                interrupt = stop;
            }
        }
        FileCopy.Copied done = copied.get();
        if (interrupt == null && done != null) {
            return new StoreCopy(frozen.storeId(), frozen.commitNumber(), done.bytes(), done.sha256());
        }
        Files.deleteIfExists(target);
        if (interrupt != null) {
            throw interrupt;
        }
        throw failure.get() instanceof IOException disk ? disk : new IOException(failure.get());
    }
}
