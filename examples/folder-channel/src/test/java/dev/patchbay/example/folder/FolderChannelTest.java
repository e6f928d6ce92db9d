package dev.patchbay.example.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Settings;
import dev.patchbay.testkit.ChannelContract;
import dev.patchbay.testkit.ChannelProbe;
import dev.patchbay.testkit.Recorded;
import dev.patchbay.testkit.RecordingHost;
import dev.patchbay.testkit.TakesMessagesIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderChannelTest extends ChannelContract implements TakesMessagesIn {
    private final Path folder;
    private final Visitor visitor;

    FolderChannelTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.visitor = new Visitor();
    }

    @AfterEach
    void stop() throws IOException {
        visitor.watch.close();
    }

    @Override
    protected Channel openChannel(ChannelHost hub) throws IOException {
        Settings account = Settings.of(Map.of("path", folder.toString()));
        return new FolderPlugin().open(new ChannelSettings("folder", "default", account, Settings.EMPTY), hub);
    }

    @Override
    protected ChannelProbe farSide() {
        return visitor;
    }

    @Override
    public ChannelProbe.Speaking speakingSide() {
        return visitor;
    }

    @Override
    public RecordingHost hub() {
        return host;
    }

    @Test
    void anIdThatWouldLeaveTheFolderIsRefused() throws Exception {
        var message = OutboundMessage.of("D1", Peer.direct("../anna"), "hello", clock.instant());

        assertThat(channel().deliver(message)).isInstanceOf(Refused.class);
    }

    /** Somebody who puts files into the folder and looks what comes out. */
    private final class Visitor implements ChannelProbe.Speaking {
        private final Recorded<String> acknowledged = new Recorded<>();
        private final WatchService watch;

        Visitor() throws IOException {
            Path in = Files.createDirectories(folder.resolve("in"));
            watch = in.getFileSystem().newWatchService();
            in.register(watch, StandardWatchEventKinds.ENTRY_DELETE);
            Thread.ofVirtual().start(this::watchForDeletions);
        }

        @Override
        public Recorded<Arrival> arrivals() {
            var arrivals = new Recorded<Arrival>();
            try (Stream<Path> outs = Files.list(folder.resolve("out"))) {
                for (Path out : outs.toList()) {
                    String peer = out.getFileName().toString().replace(".txt", "");
                    for (String line : Files.readAllLines(out)) {
                        String[] parts = line.split("\t", 2);
                        arrivals.add(new Arrival(peer, parts[1].translateEscapes(), parts[0]));
                    }
                }
                return arrivals;
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }

        @Override
        public Set<Trouble> troubles() {
            return Set.of();
        }

        @Override
        public void nextMeets(Trouble trouble) {
            throw new UnsupportedOperationException(trouble + " is not had with files");
        }

        @Override
        public void say(String id, Peer from, String text) {
            try {
                // Written beside and moved in, so that the channel never sees half a file.
                Path draft = Files.writeString(folder.resolve(id), text);
                Files.move(
                        draft,
                        folder.resolve("in").resolve(from.id() + "." + id + ".txt"),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
        }

        @Override
        public Recorded<String> acknowledged() {
            return acknowledged;
        }

        private void watchForDeletions() {
            try {
                while (true) {
                    WatchKey key = watch.take();
                    key.pollEvents()
                            .forEach(event -> acknowledged.add(
                                    String.valueOf(event.context()).split("\\.", -1)[1]));
                    key.reset();
                }
            } catch (ClosedWatchServiceException over) {
                // The test has ended.
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
