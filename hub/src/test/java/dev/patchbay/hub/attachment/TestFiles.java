package dev.patchbay.hub.attachment;

import dev.patchbay.hub.lane.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** Files for tests of other things. */
public final class TestFiles {
    private TestFiles() {}

    /** In a folder, usable at once. */
    public static AttachmentDesk in(Path folder, World world) {
        return in(AttachmentSettings.of(folder), world);
    }

    public static AttachmentDesk in(Path folder) {
        return in(folder, world(Clock.systemUTC()));
    }

    public static AttachmentDesk in(AttachmentSettings settings, World world) {
        var files = new AttachmentDesk(settings, NamedFiles.NONE, world);
        try {
            files.prepare();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
        return files;
    }

    /** For what never comes to files. */
    public static AttachmentDesk nowhere(World world) {
        var files = new AttachmentDesk(AttachmentSettings.of(Path.of("does-not-exist")), NamedFiles.NONE, world);
        files.signWith("a key that opens nothing");
        return files;
    }

    public static AttachmentDesk nowhere() {
        return nowhere(world(Clock.systemUTC()));
    }

    static World world(Clock clock) {
        return new World(clock, (when, action) -> {}, Thread.ofVirtual()::start, RandomGenerator.getDefault());
    }
}
