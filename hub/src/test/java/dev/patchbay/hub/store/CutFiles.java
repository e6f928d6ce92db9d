package dev.patchbay.hub.store;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PowerCutDisk} as a file system of Java's own kind, so that whoever takes a {@link Path} needs no other door. The first
 * folder of a path is the disk's name and means nothing here.
 */
final class CutFiles extends FileSystem {
    private final PowerCutDisk disk;
    private final Provider provider = new Provider();

    CutFiles(PowerCutDisk disk) {
        this.disk = disk;
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(new CutPath(this, true, List.of()));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public Path getPath(String first, String... more) {
        String all = more.length == 0 ? first : first + "/" + String.join("/", more);
        return CutPath.of(this, all);
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher(pattern);
        return path -> matcher.matches(Path.of(path.toString()));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }

    /** Without the first, which names the disk. */
    private static List<String> names(Path path) {
        List<String> all = ((CutPath) path.toAbsolutePath().normalize()).names();
        return all.subList(Math.min(1, all.size()), all.size());
    }

    private final class Provider extends FileSystemProvider {
        @Override
        public String getScheme() {
            return "cut";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path getPath(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return newFileChannel(path, options, attributes);
        }

        @Override
        public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            synchronized (disk) {
                List<String> names = names(path);
                PowerCutDisk.@Nullable Node node = existing(names);
                if (node instanceof PowerCutDisk.CutFolder) {
                    return CutChannel.ofFolder(disk, names);
                }
                if (node != null && options.contains(StandardOpenOption.CREATE_NEW)) {
                    throw new FileAlreadyExistsException(path.toString());
                }
                CutFile file = (CutFile) node;
                if (file == null) {
                    if (!options.contains(StandardOpenOption.CREATE)
                            && !options.contains(StandardOpenOption.CREATE_NEW)) {
                        throw new NoSuchFileException(path.toString());
                    }
                    file = disk.create(names);
                } else if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
                    file.truncate(disk, 0);
                }
                var channel = CutChannel.ofFile(disk, file);
                return options.contains(StandardOpenOption.APPEND) ? channel.position(file.length()) : channel;
            }
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
                throws IOException {
            var found = new ArrayList<Path>();
            for (String name : disk.list(names(folder))) {
                Path each = folder.resolve(name);
                if (filter.accept(each)) {
                    found.add(each);
                }
            }
            return new DirectoryStream<>() {
                @Override
                public Iterator<Path> iterator() {
                    return found.iterator();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
            disk.createFolder(names(folder));
        }

        @Override
        public void delete(Path path) throws IOException {
            disk.delete(names(path));
        }

        @Override
        public void copy(Path from, Path to, CopyOption... options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void move(Path from, Path to, CopyOption... options) throws IOException {
            synchronized (disk) {
                if (!List.of(options).contains(StandardCopyOption.ATOMIC_MOVE) && existing(names(to)) != null) {
                    throw new FileAlreadyExistsException(to.toString());
                }
                disk.move(names(from), names(to));
            }
        }

        @Override
        public boolean isSameFile(Path one, Path other) {
            return names(one).equals(names(other));
        }

        @Override
        public boolean isHidden(Path path) {
            return false;
        }

        @Override
        public FileStore getFileStore(Path path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            disk.find(names(path));
        }

        @Override
        public <V extends FileAttributeView> @Nullable V getFileAttributeView(
                Path path, Class<V> type, LinkOption... options) {
            return type == BasicFileAttributeView.class ? type.cast(new View(names(path))) : null;
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
                throws IOException {
            return type.cast(new View(names(path)).readAttributes());
        }

        @Override
        public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
            throw new UnsupportedOperationException();
        }

        private PowerCutDisk.@Nullable Node existing(List<String> names) throws IOException {
            try {
                return disk.find(names);
            } catch (NoSuchFileException none) {
                return null;
            }
        }
    }

    private record Facts(boolean isDirectory, long size, FileTime lastModifiedTime) implements BasicFileAttributes {
        @Override
        public FileTime lastAccessTime() {
            return lastModifiedTime;
        }

        @Override
        public FileTime creationTime() {
            return lastModifiedTime;
        }

        @Override
        public boolean isRegularFile() {
            return !isDirectory;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public @Nullable Object fileKey() {
            return null;
        }
    }

    private final class View implements BasicFileAttributeView {
        private final List<String> names;

        View(List<String> names) {
            this.names = names;
        }

        @Override
        public String name() {
            return "basic";
        }

        @Override
        public BasicFileAttributes readAttributes() throws IOException {
            return switch (disk.find(names)) {
                case CutFile file -> new Facts(false, file.length(), file.modified());
                case PowerCutDisk.CutFolder _ -> new Facts(true, 0, FileTime.fromMillis(0));
            };
        }

        @Override
        public void setTimes(@Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
                throws IOException {
            if (disk.find(names) instanceof CutFile file && modified != null) {
                file.modified(modified);
            }
        }
    }
}
