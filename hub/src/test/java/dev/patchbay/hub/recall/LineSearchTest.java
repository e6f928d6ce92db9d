package dev.patchbay.hub.recall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.store.H2Store;
import dev.patchbay.hub.store.NewInbound;
import dev.patchbay.hub.store.NewLine;
import dev.patchbay.hub.store.SessionIdentity;
import dev.patchbay.hub.store.TestStores;
import dev.patchbay.hub.store.TurnEnd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The thread that keeps the index, and what searches say while it cannot. */
@Timeout(60)
class LineSearchTest {
    private final Path index;
    private final H2Store store;
    private final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
    private LineSearch search;

    LineSearchTest(@TempDir Path folder) {
        index = folder.resolve("index");
        store = TestStores.h2(folder);
        search = begin();
    }

    @AfterEach
    void close() {
        search.close();
        store.close();
    }

    @Test
    void aLineIsFoundSoonAfterItsTurnAndTheIndexOutlivesTheHub() throws Exception {
        // Given
        search.start();
        say("m1", "a needle");

        // When
        await(() -> found("needle") == 1 && find("needle").isComplete());
        search.close();
        search = begin();
        search.start();

        // Then
        await(() -> found("needle") == 1 && find("needle").isComplete());
        assertThat(search.standing().lines()).isEqualTo(1);
    }

    @Test
    void beforeItHasBegunASearchIsEmptyAndSaysSo() throws Exception {
        // Given
        say("m1", "a needle");

        // When
        Findings found = find("needle");

        // Then
        assertThat(found.lines()).isEmpty();
        assertThat(found.isComplete()).isFalse();
    }

    @Test
    void whereNothingWasSaidNothingIsMadeAndNothingIsMissing() throws Exception {
        // Given
        search.start();

        // When
        await(() -> find("needle").isComplete());

        // Then
        assertThat(index).doesNotExist();
        say("m1", "a needle");
        await(() -> found("needle") == 1);
    }

    @Test
    void anIndexThatCannotBeWrittenStopsNobodyAndIsTriedAgain() throws Exception {
        // Given
        Files.writeString(index, "no folder");
        search.start();

        // When
        say("m1", "a needle");
        await(() -> search.standing().trouble().isPresent());

        // Then
        assertThat(search.standing().trouble().orElseThrow()).contains(index.toString());
        assertThat(find("needle").isComplete()).isFalse();

        // When
        Files.delete(index);

        // Then
        await(() -> found("needle") == 1);
        await(() -> search.standing().trouble().isEmpty());
    }

    @Test
    void withoutRoomItWaitsAndGoesOnByItself() throws Exception {
        // Given
        room.set(0);
        search.start();
        say("m1", "a needle");
        await(() -> search.standing().trouble().isPresent());

        // When
        room.set(Long.MAX_VALUE);

        // Then
        await(() -> found("needle") == 1);
    }

    @Test
    void filesThatAreTakenAwayAreMadeAgain() throws Exception {
        // Given
        search.start();
        say("m1", "a needle");
        await(() -> found("needle") == 1);

        // When
        search.close();
        try (var files = Files.list(index)) {
            for (Path each :
                    files.filter(file -> file.toString().endsWith(".cfs")).toList()) {
                Files.write(each, new byte[10]);
            }
        }
        search = begin();
        search.start();

        // Then
        await(() -> found("needle") == 1);
    }

    private LineSearch begin() {
        return new LineSearch(store.transcripts(), index, room::get, Stopwatch.SYSTEM);
    }

    private Findings find(String words) {
        try {
            return search.search(new LineQuery(words, Optional.empty(), Optional.empty(), 10));
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private int found(String words) {
        return find(words).lines().size();
    }

    private void say(String id, String text) throws InterruptedException {
        String session = Spoken.session("main", "anna");
        store.accept(new NewInbound(id, session, "main", "cli", Optional.empty(), text.getBytes(UTF_8), Spoken.NOON));
        store.completeTurn(new TurnEnd(
                id,
                new SessionIdentity(session, "main", "cli", "local", "direct", "anna"),
                List.of(new NewLine(id, "user", text, Spoken.NOON, Map.of())),
                List.of()));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            boolean ignored = Stopwatch.SYSTEM.await(new CountDownLatch(1), Duration.ofMillis(20));
        }
    }
}
