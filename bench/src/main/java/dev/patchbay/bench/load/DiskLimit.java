package dev.patchbay.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** The most that any store on this disk could do: append and force, nothing else. */
final class DiskLimit {
    private static final int RECORD = 600;

    private DiskLimit() {}

    static Figures appendAndForce(Path file, int batch, Duration time) throws IOException {
        var figures = new Figures();
        ByteBuffer records = ByteBuffer.allocateDirect(RECORD * batch);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            long began = System.nanoTime();
            long end = began + time.toNanos();
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                records.clear();
                while (records.hasRemaining()) {
                    channel.write(records);
                }
                channel.force(false);
                long took = System.nanoTime() - start;
                for (int i = 0; i < batch; i++) {
                    figures.add(took);
                }
            }
            return figures.within(Duration.ofNanos(System.nanoTime() - began));
        }
    }
}
