package dev.patchbay.hub.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the disk promises, and that it promises no more. */
@Timeout(60)
class PowerCutDiskTest {
    private static final int SEEDS = 200;
    private static final int SECTOR = 512;

    @Test
    void whatWasForcedWithItsNameIsAlwaysThere() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            // Given
            PowerCutDisk disk = PowerCutDisk.empty(PowerCutDisk.chance(seed));
            write(disk, "file", 0, filled(5_000, 'a'), true);
            Folders.force(path(disk, ""));
            write(disk, "file", 0, filled(9_000, 'b'), false);

            // When
            byte[] left = Files.readAllBytes(path(disk.afterwards(), "file"));

            // Then
            assertThat(left.length).isGreaterThanOrEqualTo(5_000);
            for (int i = 0; i < 5_000; i++) {
                assertThat(left[i]).isIn((byte) 'a', (byte) 'b');
            }
        }
    }

    @Test
    void ofWhatWasNotForcedEverySectorMayBeLostOrKept() throws Exception {
        // Given
        Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            PowerCutDisk disk = PowerCutDisk.empty(PowerCutDisk.chance(seed));
            write(disk, "file", 0, filled(3 * SECTOR, 'a'), true);
            Folders.force(path(disk, ""));
            write(disk, "file", 0, filled(3 * SECTOR, 'b'), false);

            // When
            byte[] left = Files.readAllBytes(path(disk.afterwards(), "file"));

            // Then
            var word = new StringBuilder();
            for (int sector = 0; sector < 3; sector++) {
                byte first = left[sector * SECTOR];
                assertThat(Arrays.copyOfRange(left, sector * SECTOR, (sector + 1) * SECTOR))
                        .containsOnly(first);
                word.append((char) first);
            }
            seen.add(word.toString());
        }
        assertThat(seen).containsExactlyInAnyOrder("aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb");
    }

    @Test
    void lengthsAndNamesAndRenamingsMayGoUntilTheyAreForced() throws Exception {
        // Given
        Set<Long> lengths = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            PowerCutDisk disk = PowerCutDisk.empty(PowerCutDisk.chance(seed));
            write(disk, "old", 0, filled(4_000, 'a'), true);
            Folders.force(path(disk, ""));
            try (FileChannel file = FileChannel.open(path(disk, "old"), READ, WRITE)) {
                file.truncate(1_000);
            }
            Files.move(path(disk, "old"), path(disk, "new"), StandardCopyOption.ATOMIC_MOVE);

            // When
            PowerCutDisk after = disk.afterwards();

            // Then
            String name = Files.exists(path(after, "old")) ? "old" : "new";
            names.add(name);
            lengths.add(Files.size(path(after, name)));
        }
        assertThat(names).containsExactlyInAnyOrder("old", "new");
        assertThat(lengths).containsExactlyInAnyOrder(1_000L, 4_000L);
    }

    @Test
    void theCutComesAtTheChangeThatWasNamedAndNothingWorksAfterIt() throws Exception {
        // Given
        PowerCutDisk disk = PowerCutDisk.empty(PowerCutDisk.chance(1));
        disk.cutAtChange(3);

        // When: a name, a write, and a force that does not come to its end
        assertThatThrownBy(() -> write(disk, "file", 0, filled(10, 'a'), true)).isInstanceOf(IOException.class);

        // Then
        assertThat(disk.lastChange()).isEqualTo("force /file");
        assertThat(disk.isOff()).isTrue();
        assertThatThrownBy(() -> Files.size(path(disk, "file"))).hasMessageContaining("power is off");
    }

    private static Path path(PowerCutDisk disk, String name) {
        return disk.files().getPath("/disk", name);
    }

    private static void write(PowerCutDisk disk, String name, long at, byte[] bytes, boolean force) throws IOException {
        try (FileChannel file = FileChannel.open(path(disk, name), CREATE, WRITE)) {
            file.write(ByteBuffer.wrap(bytes), at);
            if (force) {
                file.force(true);
            }
        }
    }

    private static byte[] filled(int length, char with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }
}
