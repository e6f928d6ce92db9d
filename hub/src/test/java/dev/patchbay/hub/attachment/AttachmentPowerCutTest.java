package dev.patchbay.hub.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments.Content;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.Folders;
import dev.patchbay.hub.store.PowerCutDisk;
import dev.patchbay.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The power goes off while files are kept, used and removed; see PowerCutTest for the store. */
class AttachmentPowerCutTest {
    private static final int CUTS_PER_DISK = 10;

    private long kept;

    @Test
    @Timeout(3_600)
    void aFileThatWasTakenInIsThereAndWhole() throws Exception {
        int cuts = Integer.getInteger("patchbay.cuts", 500);
        long first = Long.getLong("patchbay.seed", System.nanoTime() & 0xFFFFFFFL);
        long seed = first;
        for (int done = 0; done < cuts; done += CUTS_PER_DISK) {
            try {
                new Life(PowerCutDisk.chance(seed)).run();
            } catch (AssertionError | IOException | UncheckedIOException wrong) {
                throw new AssertionError(
                        "scripts/power-cuts --cuts 1 --seed " + seed + ": " + wrong.getMessage(), wrong);
            }
            seed++;
        }
        System.out.println("power cuts of files: seeds " + first + " to " + (seed - 1) + ": " + cuts + " cuts, " + kept
                + " files kept; nothing lost");
    }

    /** One disk. */
    private final class Life {
        private final Random random;
        private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T10:00:00Z"));
        private final Map<AttachmentId, byte[]> acknowledged = new HashMap<>();
        private final Set<AttachmentId> removed = new HashSet<>();
        private PowerCutDisk disk;

        Life(Random random) {
            this.random = random;
            this.disk = PowerCutDisk.empty(random);
        }

        void run() throws Exception {
            for (int cut = 0; cut < CUTS_PER_DISK; cut++) {
                disk.cutAtChange(1 + random.nextInt(120));
                try {
                    live();
                } catch (IOException | UncheckedIOException | Spool.Trouble | AttachmentUnavailable noPower) {
                    if (!disk.isOff()) {
                        throw noPower;
                    }
                }
                disk = disk.afterwards();
            }
        }

        private void live() throws Exception {
            Path data = disk.files().getPath("/disk/data");
            // The hub has locked it before.
            Folders.make(data);
            var folder = new AttachmentFolder(
                    AttachmentSettings.of(data),
                    () -> Long.MAX_VALUE,
                    NamedFiles.NONE,
                    new World(clock, (when, action) -> {}, Thread.ofVirtual()::start, random));
            folder.prepare();
            judge(folder);
            for (int i = random.nextInt(20); i >= 0; i--) {
                step(folder);
            }
        }

        private void step(AttachmentFolder folder) throws Exception {
            switch (random.nextInt(10)) {
                case 0 -> {
                    clock.advance(Duration.ofDays(40));
                    // Whether it goes is not told to anybody: a removed file may come back.
                    removed.addAll(acknowledged.keySet());
                    folder.expire();
                }
                case 1, 2 -> folder.use(any());
                case 3 -> keep(folder, acknowledged.getOrDefault(any(), new byte[] {1}));
                default -> {
                    byte[] content = new byte[random.nextInt(8) == 0 ? 150_000 : random.nextInt(9_000)];
                    random.nextBytes(content);
                    keep(folder, content);
                }
            }
        }

        private void keep(AttachmentFolder folder, byte[] content) throws Exception {
            AttachmentId id = folder.keep(new ByteArrayInputStream(content));
            acknowledged.put(id, content);
            removed.remove(id);
            kept++;
        }

        private AttachmentId any() {
            List<AttachmentId> all = new ArrayList<>(acknowledged.keySet());
            return all.isEmpty() ? new AttachmentId("0".repeat(64)) : all.get(random.nextInt(all.size()));
        }

        private void judge(AttachmentFolder folder) throws Exception {
            for (var each : acknowledged.entrySet()) {
                var described = new Attachment(each.getKey().url(), "text/plain", "x");
                try (Content content = folder.open(each.getKey(), described)) {
                    assertThat(content.stream().readAllBytes()).isEqualTo(each.getValue());
                } catch (AttachmentUnavailable gone) {
                    if (!disk.isOff()) {
                        assertThat(removed).as("files that may be missing").contains(each.getKey());
                    }
                }
            }
            assertThat(folder.damaged()).isZero();
        }
    }
}
