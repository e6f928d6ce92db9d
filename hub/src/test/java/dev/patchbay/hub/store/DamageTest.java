package dev.patchbay.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody or something else has done to the files: never silently wrong. {@code -Dpatchbay.flips=N} for more bits, {@code
 * -Dpatchbay.seed=N} for the same ones again.
 */
class DamageTest {
    private static final int FLIPS = Integer.getInteger("patchbay.flips", 60);
    private static final long SEED = Long.getLong("patchbay.seed", System.nanoTime());
    private static final int RECORDS = 20;
    private static final int COMMITS = 12;

    @TempDir
    Path folder;

    private Path whole;

    /** A kind of record, and how its text is read back; empty if the store says that there is none (any more). */
    private enum Kind {
        MESSAGE,
        LINE,
        DELIVERY,
        NOTE,
        EVENT
    }

    @BeforeEach
    void build() throws Exception {
        whole = folder.resolve("whole");
        try (Store store = TestStores.temporary(whole)) {
            for (int i = 0; i < RECORDS; i++) {
                store.accept(Samples.message("m" + i));
                store.accept(new NewInbound(
                        "w" + i,
                        Samples.session("ben"),
                        "main",
                        "webhook",
                        Optional.empty(),
                        Samples.bytes(text(Kind.MESSAGE, i)),
                        Samples.NOON));
                store.completeTurn(new TurnEnd(
                        "m" + i,
                        Samples.identity("anna"),
                        List.of(new NewLine("m" + i, "user", text(Kind.LINE, i), Samples.NOON, Map.of())),
                        List.of()));
                store.enqueue(Samples.delivery("d" + i, Samples.ANNA, text(Kind.DELIVERY, i)), Optional.empty());
                store.keep(new StoredNote("scope", "n" + i, text(Kind.NOTE, i)));
                store.appendEvent("test", Map.of("text", text(Kind.EVENT, i)), Samples.NOON);
            }
        }
    }

    @Test
    void everyFlippedBitOfALiveBodyIsNoticed() throws Exception {
        // Given
        System.out.println("damage: " + FLIPS + " bits, seed " + SEED);
        var random = new Random(SEED);
        int refused = 0;
        int reported = 0;

        // When
        for (int i = 0; i < FLIPS; i++) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            int record = random.nextInt(RECORDS);
            String text = text(kind, record);
            Path copy = copy(whole, "flip");
            flip(copy.resolve("hub.mv.db"), text, random.nextInt(text.length() * 8));

            // Then
            try (Store store = TestStores.temporary(copy)) {
                Optional<String> read = read(store, kind, record);
                assertThat(read.orElse(""))
                        .as("%s %d, flip %d of seed %d", kind, record, i, SEED)
                        .isIn("", "damaged");
                store.probe();
                assertThat(read.isPresent() || store.status().damaged() > 0).isTrue();
                reported++;
            } catch (StoreException refusal) {
                assertThat(refusal.kind()).isEqualTo(StoreException.Kind.REFUSED);
                refused++;
            }
        }
        System.out.println("damage: " + reported + " reported, " + refused + " refused at the start, 0 unnoticed");
    }

    @Test
    void everyOlderStoreThatIsPutBackIsNoticed() throws Exception {
        // Given
        var older = new ArrayList<Path>();
        for (int i = 0; i < COMMITS; i++) {
            older.add(copy(whole, "older-" + i));
            try (Store store = TestStores.temporary(whole)) {
                store.accept(Samples.message("later-" + i));
            }
        }

        for (Path each : older) {
            // When
            Path mixed = copy(whole, "mixed");
            Files.copy(each.resolve("hub.mv.db"), mixed.resolve("hub.mv.db"), StandardCopyOption.REPLACE_EXISTING);

            // Then
            assertThatThrownBy(() -> TestStores.temporary(mixed).close())
                    .as("%s", each)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("went back in time");
        }
    }

    /** The record's text; "damaged" if the store says so, empty if it says that there is none. */
    private static Optional<String> read(Store store, Kind kind, int record) throws InterruptedException {
        try {
            return switch (kind) {
                case MESSAGE -> store.inbound("w" + record).map(each -> utf8(each.body()));
                case LINE -> store.line("m" + record).map(StoredLine::content);
                case DELIVERY -> store.delivery("d" + record).map(each -> utf8(each.body()));
                case NOTE -> store.note("scope", "n" + record);
                case EVENT ->
                    store.happenings(0, 1_000).stream()
                            .filter(Happening.Event.class::isInstance)
                            .map(each -> ((Happening.Event) each).fields().getOrDefault("text", ""))
                            .skip(record)
                            .findFirst()
                            .filter(text -> !text.equals(text(Kind.EVENT, record + 1)));
            };
        } catch (StoreException damaged) {
            assertThat(damaged.kind()).isEqualTo(StoreException.Kind.DAMAGED);
            return Optional.of("damaged");
        }
    }

    private static String text(Kind kind, int record) {
        return kind + "-" + record + "-" + "abcdefghijklmnopqrstuvwxyz".repeat(2);
    }

    /** Wherever the text stands: what is live is among it. */
    private static void flip(Path file, String text, int bit) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        int found = 0;
        for (int at = indexOf(bytes, wanted, 0); at >= 0; at = indexOf(bytes, wanted, at + 1)) {
            bytes[at + bit / 8] ^= (byte) (1 << (bit % 8));
            found++;
        }
        assertThat(found).as("%s is in the file", text).isPositive();
        Files.write(file, bytes);
    }

    private static int indexOf(byte[] all, byte[] wanted, int from) {
        for (int at = from; at <= all.length - wanted.length; at++) {
            int same = 0;
            while (same < wanted.length && all[at + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return at;
            }
        }
        return -1;
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = Files.createDirectories(folder.resolve(name));
        for (String file : List.of("hub.mv.db", "hub.mark")) {
            Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        return to;
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
