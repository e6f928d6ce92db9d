package dev.patchbay.hub.plugin;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the operating system says about a folder's files. For one thread; closing is for any. */
interface FolderNews extends AutoCloseable {

    /**
     * What was said about the folder.
     *
     * @param names of files, without their folder
     * @param isComplete false if more happened than could be said
     */
    record News(Set<Path> names, boolean isComplete) {
        static final News NONE = new News(Set.of(), true);
    }

    /**
     * Waits for news, at most so long.
     *
     * @throws IOException if there will never be any
     */
    News await(Duration atMost) throws IOException, InterruptedException;

    /** Whether news can be expected at the moment: the folder is there and watched. */
    boolean isListening();

    @Override
    void close();

    /** News of the operating system. A folder that is missing is watched as soon as it is there. */
    static FolderNews of(Path folder) throws IOException {
        WatchService service = folder.getFileSystem().newWatchService();
        return new FolderNews() {
            private @Nullable WatchKey key;

            @Override
            public News await(Duration atMost) throws IOException, InterruptedException {
                try {
                    if (key == null && Files.isDirectory(folder)) {
                        key = folder.register(
                                service,
                                StandardWatchEventKinds.ENTRY_CREATE,
                                StandardWatchEventKinds.ENTRY_MODIFY,
                                StandardWatchEventKinds.ENTRY_DELETE);
                    }
                    WatchKey said = service.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
                    return said == null ? News.NONE : news(said);
                } catch (ClosedWatchServiceException closed) {
                    throw new IOException("closed", closed);
                }
            }

            private News news(WatchKey said) {
                var names = new HashSet<Path>();
                boolean isComplete = true;
                for (WatchEvent<?> event : said.pollEvents()) {
                    if (event.context() instanceof Path name) {
                        names.add(name);
                    } else {
                        isComplete = false;
                    }
                }
                if (!said.reset()) {
                    key = null;
                }
                return new News(names, isComplete);
            }

            @Override
            public boolean isListening() {
                return key != null;
            }

            @Override
            public void close() {
                try {
                    service.close();
                } catch (IOException never) {
                    throw new java.io.UncheckedIOException(never);
                }
            }
        };
    }
}
