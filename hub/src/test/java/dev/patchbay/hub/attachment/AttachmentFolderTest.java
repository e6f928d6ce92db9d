package dev.patchbay.hub.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments.Content;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AttachmentFolderTest {
    @TempDir
    Path data;

    final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T10:00:00Z"));
    final AtomicLong freeBytes = new AtomicLong(Long.MAX_VALUE);
    final AtomicInteger looks = new AtomicInteger();
    final Set<AttachmentId> named = new HashSet<>();

    @Test
    void whatWasKeptIsReadBackWithItsTypeAndName() throws Exception {
        // Given
        AttachmentDesk files = files();

        // When
        Attachment kept = files.keep(bytes("hello"), "Text/Plain; charset=utf-8", "notes.txt");

        // Then
        assertThat(kept).isEqualTo(new Attachment("attachment:" + sha256("hello"), "text/plain", "notes.txt"));
        try (Content content = files.open(kept)) {
            assertThat(content.stream().readAllBytes()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
            assertThat(content.bytes()).isEqualTo(5);
            assertThat(content.mediaType()).isEqualTo("text/plain");
            assertThat(content.name()).isEqualTo("notes.txt");
        }
        assertThat(onDisk()).containsExactly(sha256("hello"));
        assertThat(incoming()).isEmpty();
    }

    @Test
    void anEmptyFileIsAFile() throws Exception {
        AttachmentDesk files = files();
        Attachment kept = files.keep(bytes(""), null, null);
        try (Content content = files.open(kept)) {
            assertThat(content.bytes()).isZero();
            assertThat(content.name()).isEqualTo("file");
            assertThat(content.mediaType()).isEqualTo("application/octet-stream");
        }
    }

    @Test
    void theSameContentTwiceIsKeptOnceAndCountedOnce() throws Exception {
        AttachmentDesk files = files();

        Attachment first = files.keep(bytes("hello"), "text/plain", "a.txt");
        Attachment second = files.keep(bytes("hello"), null, "b.txt");

        assertThat(second.url()).isEqualTo(first.url());
        assertThat(onDisk()).hasSize(1);
        assertThat(files.totalBytes()).isEqualTo(5);
    }

    @Test
    void manyWritersOfTheSameContentLeaveOneWholeFile() throws Exception {
        // Given
        AttachmentDesk files = files();
        byte[] content = new byte[300_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31);
        }
        var start = new CountDownLatch(1);

        // When
        List<Future<Attachment>> writers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                writers.add(threads.submit(() -> {
                    start.await();
                    return files.keep(new ByteArrayInputStream(content), null, null);
                }));
            }
            start.countDown();
            for (Future<Attachment> each : writers) {
                try (Content read = files.open(each.get(30, TimeUnit.SECONDS))) {
                    assertThat(read.stream().readAllBytes()).isEqualTo(content);
                }
            }
        }

        // Then
        assertThat(onDisk()).hasSize(1);
        assertThat(incoming()).isEmpty();
        assertThat(files.totalBytes()).isEqualTo(content.length);
    }

    @Test
    void aFileThatIsTooLargeIsRefusedBeforeItIsReadToItsEnd() throws Exception {
        // Given
        AttachmentDesk files = files(settings().withBytesMax(100_000));
        var endless = new Source(Long.MAX_VALUE, new IOException("never"));

        // Then
        assertThatThrownBy(() -> files.keep(endless, null, null))
                .isInstanceOfSatisfying(NotAccepted.class, refused -> assertThat(refused.reason())
                        .isEqualTo(NotAccepted.Reason.TOO_LARGE));
        assertThat(endless.given).isLessThan(300_000);
        assertThat(incoming()).isEmpty();
        assertThat(files.totalBytes()).isZero();
    }

    @Test
    void aFileThatBreaksOffLeavesNothingBehind() throws Exception {
        // Given
        AttachmentDesk files = files();
        var broken = new Source(70_000, new IOException("reset"));

        // Then
        assertThatThrownBy(() -> files.keep(broken, null, null))
                .isInstanceOfSatisfying(NotAccepted.class, refused -> assertThat(refused.reason())
                        .isEqualTo(NotAccepted.Reason.NOT_STORED));
        assertThat(incoming()).isEmpty();
        assertThat(onDisk()).isEmpty();
    }

    @Test
    void aSourceThatThrowsWhatNobodyExpectsLeavesNothingBehind() throws Exception {
        AttachmentDesk files = files();
        var hostile = new Source(10, new IllegalStateException("surprise"));

        assertThatThrownBy(() -> files.keep(hostile, null, null)).isInstanceOf(IllegalStateException.class);
        assertThat(incoming()).isEmpty();
    }

    @Test
    void anInterruptEndsTheWritingAndLeavesNothingBehind() throws Exception {
        AttachmentDesk files = files();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> files.keep(bytes("hello"), null, null)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(incoming()).isEmpty();
    }

    @Test
    void withoutFreeDiskNothingIsTakenIn() throws Exception {
        AttachmentDesk files = files(settings().withMinFreeBytes(1_000));
        freeBytes.set(999);

        assertThatThrownBy(() -> files.keep(bytes("hello"), null, null))
                .isInstanceOfSatisfying(NotAccepted.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(NotAccepted.Reason.NOT_STORED);
                    assertThat(refused.retryAfter()).isPositive();
                    assertThat(refused).hasMessageContaining("store.min-free");
                });
        assertThat(incoming()).isEmpty();
    }

    @Test
    void halfFilesOfACrashAreSweptAwayAtTheNextStart() throws Exception {
        // Given: a hub that was killed while it wrote
        files().keep(bytes("whole"), null, null);
        Files.writeString(data.resolve("attachments/incoming/0123"), "hal");

        // When
        AttachmentDesk again = files();

        // Then
        assertThat(incoming()).isEmpty();
        assertThat(onDisk()).containsExactly(sha256("whole"));
        assertThat(again.totalBytes()).isEqualTo(5);
    }

    @Test
    void aDamagedFileIsNeverGivenOutAndIsCounted() throws Exception {
        // Given
        AttachmentDesk files = files();
        Attachment kept = files.keep(bytes("hello"), null, null);
        Files.writeString(path(sha256("hello")), "hellO");

        // Then
        assertThatThrownBy(() -> files.open(kept))
                .isInstanceOfSatisfying(AttachmentUnavailable.class, gone -> assertThat(gone.isPermanent())
                        .isTrue())
                .hasMessageContaining("damaged");
        assertThat(files.damaged()).isEqualTo(1);
    }

    @Test
    void theSameContentBroughtAgainHealsADamagedFile() throws Exception {
        AttachmentDesk files = files();
        files.keep(bytes("hello"), null, null);
        Files.writeString(path(sha256("hello")), "he");

        Attachment again = files.keep(bytes("hello"), null, null);

        try (Content content = files.open(again)) {
            assertThat(content.stream().readAllBytes()).hasSize(5);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attachment:",
                "attachment:../../admin-token",
                "attachment:..%2f..%2fadmin-token",
                "attachment:incoming",
                "attachment:ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789",
                "attachment:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b982",
                "attachment:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b98244",
                "attachment:/etc/passwd",
                "attachment:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b982\n",
                "geo:52.5,13.4",
                "file:///etc/passwd",
                "ftp://example.org/x",
                "javascript:alert(1)",
                "jar:http://example.org/x!/y",
                ""
            })
    void whatIsNoNameOfAFileIsNotOpened(String url) throws Exception {
        AttachmentDesk files = files();
        files.keep(bytes("hello"), null, null);

        assertThatThrownBy(() -> files.open(new Attachment(url, null, null)))
                .isInstanceOfSatisfying(AttachmentUnavailable.class, gone -> assertThat(gone.isPermanent())
                        .isTrue());
    }

    @Test
    void aFileThatNobodyUsedForLongGoesAndOneThatIsNamedStays() throws Exception {
        // Given
        AttachmentDesk files = files();
        Attachment forgotten = files.keep(bytes("forgotten"), null, null);
        Attachment waiting = files.keep(bytes("waiting"), null, null);
        Attachment used = files.keep(bytes("used"), null, null);
        named.add(AttachmentId.of(waiting).orElseThrow());
        clock.advance(Duration.ofDays(20));
        files.open(used).close();
        clock.advance(Duration.ofDays(11));

        // When
        int gone = files.expire();

        // Then
        assertThat(gone).isEqualTo(1);
        assertThat(onDisk()).containsExactlyInAnyOrder(sha256("waiting"), sha256("used"));
        assertThat(files.totalBytes()).isEqualTo("waiting".length() + "used".length());
        assertThatThrownBy(() -> files.open(forgotten)).hasMessageContaining("there is no file");
    }

    @Test
    void nobodyIsAskedAboutNamesAsLongAsNothingIsOld() throws Exception {
        AttachmentDesk files = files();
        files.keep(bytes("young"), null, null);

        assertThat(files.expire()).isZero();
        assertThat(looks).hasValue(0);
    }

    @Test
    void beyondTheTotalThoseGoThatWereUnusedForLongestButNeverTheNamedOrTheYoung() throws Exception {
        // Given: 4 files of 300 KB in a megabyte are one too many
        AttachmentDesk files = files(settings().withTotalBytesMax(1_000_000));
        Attachment named1 = files.keep(filled(300_000, 1), null, null);
        clock.advance(Duration.ofMinutes(1));
        Attachment oldest = files.keep(filled(300_000, 2), null, null);
        clock.advance(Duration.ofMinutes(1));
        Attachment newer = files.keep(filled(300_000, 3), null, null);
        named.add(AttachmentId.of(named1).orElseThrow());
        clock.advance(Duration.ofHours(2));

        // When
        Attachment latest = files.keep(filled(300_000, 4), null, null);

        // Then
        assertThat(onDisk()).containsExactlyInAnyOrder(hex(named1), hex(newer), hex(latest));
        assertThat(onDisk()).doesNotContain(hex(oldest));

        // And: what was used within the hour is nobody's to take
        files.open(newer).close();
        assertThatThrownBy(() -> files.keep(filled(300_000, 5), null, null))
                .isInstanceOfSatisfying(NotAccepted.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(NotAccepted.Reason.NOT_STORED);
                    assertThat(refused).hasMessageContaining("attachments.max-total");
                });
        int asked = looks.get();
        assertThatThrownBy(() -> files.keep(filled(300_000, 5), null, null)).isInstanceOf(NotAccepted.class);
        assertThat(looks)
                .as("a round that was of no use is not repeated at once")
                .hasValue(asked);
    }

    @Test
    void aStreamThatIsBeingReadOutlivesItsFile() throws Exception {
        AttachmentDesk files = files();
        Attachment kept = files.keep(bytes("hello"), null, null);

        try (Content open = files.open(kept)) {
            Files.delete(path(sha256("hello")));
            assertThat(open.stream().readAllBytes()).hasSize(5);
        }
    }

    /** Gives so many bytes and then fails. */
    private static final class Source extends InputStream {
        private final long bytes;
        private final Exception end;
        private long given;

        private Source(long bytes, Exception end) {
            this.bytes = bytes;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            return read(new byte[1], 0, 1) < 0 ? -1 : 0;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (given == bytes) {
                if (end instanceof IOException io) {
                    throw io;
                }
                throw (RuntimeException) end;
            }
            int count = (int) Math.min(length, bytes - given);
            given += count;
            return count;
        }
    }

    private AttachmentDesk files() throws IOException {
        return files(settings());
    }

    private AttachmentSettings settings() {
        return AttachmentSettings.of(data);
    }

    private AttachmentDesk files(AttachmentSettings settings) throws IOException {
        var files = new AttachmentDesk(
                settings,
                () -> {
                    looks.incrementAndGet();
                    return Set.copyOf(named);
                },
                TestFiles.world(clock),
                freeBytes::get,
                WebFiles.Limits.usual(settings.bytesMax()));
        files.prepare();
        return files;
    }

    private Path path(String hex) {
        return data.resolve("attachments").resolve(hex.substring(0, 2)).resolve(hex);
    }

    private List<String> onDisk() throws IOException {
        try (Stream<Path> all = Files.walk(data.resolve("attachments"))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private List<Path> incoming() throws IOException {
        try (Stream<Path> all = Files.list(data.resolve("attachments/incoming"))) {
            return all.toList();
        }
    }

    private static String hex(Attachment attachment) {
        return AttachmentId.of(attachment).orElseThrow().hex();
    }

    private static InputStream filled(int size, int value) {
        byte[] content = new byte[size];
        java.util.Arrays.fill(content, (byte) value);
        return new ByteArrayInputStream(content);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
