package dev.patchbay.hub.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.message.DbException;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FileUtils;

/** {@link PowerCutDisk}s for H2: {@code jdbc:h2:cut:/disk7/data/hub}. */
public final class PowerCutFilePath extends FilePath {
    /** H2 knows file systems by name only, for the whole process; so each disk has its own first folder. */
    private static final Map<String, PowerCutDisk> MOUNTED = new ConcurrentHashMap<>();

    private static final AtomicLong NUMBER = new AtomicLong();

    static {
        FilePath.register(new PowerCutFilePath());
    }

    /** Makes a disk known to H2; returns its name, which is the first folder of all paths. */
    static String mount(PowerCutDisk disk) {
        String name = "/disk" + NUMBER.incrementAndGet();
        MOUNTED.put(name, disk);
        return name;
    }

    static void unmount(String name) {
        MOUNTED.remove(name);
    }

    private Path path() {
        String all = name.substring(getScheme().length() + 1);
        int end = all.indexOf('/', 1);
        PowerCutDisk disk = MOUNTED.get(end < 0 ? all : all.substring(0, end));
        if (disk == null) {
            throw new IllegalStateException(name + " is on no disk (any more)");
        }
        return disk.files().getPath(all);
    }

    @Override
    public String getScheme() {
        return "cut";
    }

    @Override
    public FilePath getPath(String path) {
        var result = new PowerCutFilePath();
        result.name = path;
        return result;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return FileChannel.open(path(), FileUtils.modeToOptions(mode));
    }

    @Override
    public long size() {
        return tried(() -> Files.size(path()));
    }

    @Override
    public boolean exists() {
        return Files.exists(path());
    }

    @Override
    public boolean createFile() {
        return tried(() -> {
            FileChannel.open(path(), FileUtils.RW).close();
            return true;
        });
    }

    @Override
    public void delete() {
        tried(() -> Files.deleteIfExists(path()));
    }

    @Override
    public void moveTo(FilePath target, boolean replace) {
        tried(() -> Files.move(path(), ((PowerCutFilePath) target).path(), StandardCopyOption.ATOMIC_MOVE));
    }

    @Override
    public List<FilePath> newDirectoryStream() {
        return tried(() -> {
            var found = new ArrayList<FilePath>();
            try (var all = Files.newDirectoryStream(path())) {
                all.forEach(each -> found.add(getPath(name + "/" + each.getFileName())));
            }
            return found;
        });
    }

    @Override
    public FilePath toRealPath() {
        return this;
    }

    @Override
    public FilePath getParent() {
        return getPath(name.substring(0, name.lastIndexOf('/')));
    }

    @Override
    public boolean isDirectory() {
        return Files.isDirectory(path());
    }

    @Override
    public boolean isRegularFile() {
        return Files.isRegularFile(path());
    }

    @Override
    public boolean isAbsolute() {
        return true;
    }

    @Override
    public long lastModified() {
        return 0;
    }

    @Override
    public boolean canWrite() {
        return true;
    }

    @Override
    public void createDirectory() {
        tried(() -> Files.createDirectories(path()));
    }

    @Override
    public boolean setReadOnly() {
        return false;
    }

    private interface Try<R> {
        R run() throws IOException;
    }

    private static <R> R tried(Try<R> action) {
        try {
            return action.run();
        } catch (IOException off) {
            throw DbException.convertIOException(off, "power cut");
        } catch (UncheckedIOException off) {
            throw DbException.convert(off);
        }
    }
}
