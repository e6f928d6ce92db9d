package dev.patchbay.example.folder;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * One folder. {@code in/PEER.ANYTHING.txt} is a message; it is deleted when the hub has stored it. Answers are lines of {@code
 * out/PEER.txt}: a key, a tab, the text.
 */
final class FolderChannel implements Channel {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int FILES_AT_ONCE_MAX = 100;
    private static final long FILE_BYTES_MAX = 1 << 20;

    private final ChannelHost host;
    private final Path in;
    private final Path out;
    private final Path aside;
    private final Thread reader = Thread.ofVirtual().name("folder-reader").unstarted(this::readUntilStopped);
    private volatile boolean isClosed;

    private FolderChannel(Path folder, ChannelHost host) {
        this.host = host;
        this.in = folder.resolve("in");
        this.out = folder.resolve("out");
        this.aside = folder.resolve("aside");
    }

    static FolderChannel open(Path folder, ChannelHost host) throws IOException {
        var channel = new FolderChannel(folder, host);
        Files.createDirectories(channel.in);
        Files.createDirectories(channel.out);
        Files.createDirectories(channel.aside);
        channel.reader.start();
        return channel;
    }

    @Override
    public DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
        if (isClosed) {
            return new RetryLater("the channel is closed", Duration.ZERO);
        }
        // The id comes from outside and becomes a file's name: nothing that could leave the folder.
        if (!message.to().id().matches("[A-Za-z0-9_-]{1,64}")) {
            return new Refused("a peer's id here is up to 64 letters, digits, _ and -");
        }
        String text = message.text().replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        try {
            Files.writeString(
                    out.resolve(message.to().id() + ".txt"),
                    message.idempotencyKey() + "\t" + text + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return new Delivered(message.idempotencyKey());
        } catch (IOException trouble) {
            if (Thread.interrupted()) {
                throw new InterruptedException("while writing");
            }
            return new RetryLater("the file cannot be written: " + trouble, Duration.ZERO);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        reader.interrupt();
        try {
            reader.join(Duration.ofSeconds(5));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void readUntilStopped() {
        try {
            while (!isClosed) {
                for (Path file : waiting()) {
                    take(file);
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Path> waiting() {
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .limit(FILES_AT_ONCE_MAX)
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            host.report(Condition.DEGRADED, "the folder cannot be read: " + unreadable);
            return List.of();
        }
    }

    /** One bad file must not stop the others: whatever is wrong with it, the loop goes on. */
    private void take(Path file) throws InterruptedException {
        String name = file.getFileName().toString();
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                setAside(file);
                return;
            }
            Peer peer = Peer.direct(name.substring(0, name.indexOf('.')));
            host.receive(InboundMessage.from(peer, Files.readString(file))
                    .remoteId(name)
                    .build());
            // Only now: after a crash in between, the hub recognises the name and stores nothing twice.
            Files.delete(file);
            host.report(Condition.RUNNING, "");
        } catch (NotAccepted refusal) {
            if (refusal.retryAfter().isZero()) {
                setAside(file);
            }
        } catch (IOException | RuntimeException trouble) {
            host.report(Condition.DEGRADED, name + " cannot be taken in: " + trouble);
        }
    }

    private void setAside(Path file) {
        try {
            Files.move(file, aside.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException trouble) {
            host.report(Condition.DEGRADED, file.getFileName() + " cannot be set aside: " + trouble);
        }
    }
}
