package dev.patchbay.hub.store;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path on a {@link PowerCutDisk}. */
record CutPath(CutFiles files, boolean isAbsolute, List<String> names) implements Path {
    static CutPath of(CutFiles files, String text) {
        List<String> names = Arrays.stream(text.split("/", -1))
                .filter(name -> !name.isEmpty())
                .toList();
        return new CutPath(files, text.startsWith("/"), names);
    }

    @Override
    public FileSystem getFileSystem() {
        return files;
    }

    @Override
    public @Nullable Path getRoot() {
        return isAbsolute ? new CutPath(files, true, List.of()) : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return names.isEmpty() ? null : getName(names.size() - 1);
    }

    @Override
    public @Nullable Path getParent() {
        if (names.isEmpty() || (names.size() == 1 && !isAbsolute)) {
            return null;
        }
        return new CutPath(files, isAbsolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return new CutPath(files, false, List.of(names.get(index)));
    }

    @Override
    public Path subpath(int begin, int end) {
        return new CutPath(files, false, names.subList(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof CutPath start
                && start.isAbsolute == isAbsolute
                && Collections.indexOfSubList(names, start.names) == 0;
    }

    @Override
    public boolean endsWith(Path other) {
        return other instanceof CutPath end
                && end.names.size() <= names.size()
                && names.subList(names.size() - end.names.size(), names.size()).equals(end.names);
    }

    @Override
    public Path normalize() {
        var kept = new ArrayList<String>();
        for (String name : names) {
            if (name.equals("..") && !kept.isEmpty()) {
                kept.removeLast();
            } else if (!name.equals(".")) {
                kept.add(name);
            }
        }
        return new CutPath(files, isAbsolute, List.copyOf(kept));
    }

    @Override
    public Path resolve(Path other) {
        CutPath more = (CutPath) other;
        if (more.isAbsolute) {
            return more;
        }
        var all = new ArrayList<>(names);
        all.addAll(more.names);
        return new CutPath(files, isAbsolute, List.copyOf(all));
    }

    @Override
    public Path relativize(Path other) {
        if (!other.startsWith(this)) {
            throw new IllegalArgumentException(other + " is not below " + this);
        }
        return other.subpath(names.size(), other.getNameCount());
    }

    @Override
    public URI toUri() {
        return URI.create("cut://" + toAbsolutePath());
    }

    @Override
    public Path toAbsolutePath() {
        return isAbsolute ? this : new CutPath(files, true, names);
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return toAbsolutePath().normalize();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return (isAbsolute ? "/" : "") + String.join("/", names);
    }
}
