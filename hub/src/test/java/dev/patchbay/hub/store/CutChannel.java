package dev.patchbay.hub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.List;
import org.h2.store.fs.FileBaseDefault;
import org.jspecify.annotations.Nullable;

/** An open file, or an open folder to be forced, on a {@link PowerCutDisk}. Locks are given to everybody. */
final class CutChannel extends FileBaseDefault {
    private final PowerCutDisk disk;
    private final @Nullable CutFile file;
    private final List<String> folder;

    private CutChannel(PowerCutDisk disk, @Nullable CutFile file, List<String> folder) {
        this.disk = disk;
        this.file = file;
        this.folder = folder;
    }

    static FileChannel ofFile(PowerCutDisk disk, CutFile file) {
        return new CutChannel(disk, file, List.of());
    }

    static FileChannel ofFolder(PowerCutDisk disk, List<String> folder) {
        return new CutChannel(disk, null, folder);
    }

    @Override
    public long size() throws IOException {
        disk.requirePower();
        return file().length();
    }

    @Override
    public synchronized int read(ByteBuffer into, long position) throws IOException {
        return file().read(disk, into, position);
    }

    @Override
    public synchronized int write(ByteBuffer from, long position) throws IOException {
        return file().write(disk, from, position);
    }

    @Override
    protected void implTruncate(long size) throws IOException {
        file().truncate(disk, size);
    }

    @Override
    public void force(boolean metadata) throws IOException {
        if (file == null) {
            disk.forceFolder(folder);
        } else {
            file.force(disk);
        }
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        return new FileLock(this, position, size, shared) {
            @Override
            public boolean isValid() {
                return isOpen();
            }

            @Override
            public void release() {}
        };
    }

    private CutFile file() throws IOException {
        if (file == null || !isOpen()) {
            throw new ClosedChannelException();
        }
        return file;
    }
}
