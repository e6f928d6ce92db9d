package dev.patchbay.hub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** A file system for H2 ({@code jdbc:h2:brittle:PATH}) that breaks on demand. One per process: tests that use it run one by one. */
public final class BrittleDisk extends FilePathWrapper {
    private static final AtomicReference<Trouble> TROUBLE = new AtomicReference<>(Trouble.NONE);

    enum Trouble {
        NONE(""),
        FULL("No space left on device"),
        READ_ONLY("Read-only file system"),
        BROKEN("Input/output error"),
        FORCE_FAILS("");

        /** What a write says; empty if it works. */
        final String words;

        Trouble(String words) {
            this.words = words;
        }
    }

    static void register() {
        TROUBLE.set(Trouble.NONE);
        FilePath.register(new BrittleDisk());
    }

    static void is(Trouble trouble) {
        TROUBLE.set(trouble);
    }

    @Override
    public String getScheme() {
        return "brittle";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new BrittleFile(super.open(mode));
    }

    private static final class BrittleFile extends FileBase {
        private final FileChannel file;

        BrittleFile(FileChannel file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            return file.read(into);
        }

        @Override
        public synchronized int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            failIfTroubled();
            return file.write(from);
        }

        @Override
        public synchronized int write(ByteBuffer from, long position) throws IOException {
            failIfTroubled();
            return file.write(from, position);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            file.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metadata) throws IOException {
            if (TROUBLE.get() == Trouble.FORCE_FAILS) {
                throw new IOException("Input/output error");
            }
            file.force(metadata);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return file.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }

        private static void failIfTroubled() throws IOException {
            String words = Objects.requireNonNull(TROUBLE.get()).words;
            if (!words.isEmpty()) {
                throw new IOException(words);
            }
        }
    }
}
