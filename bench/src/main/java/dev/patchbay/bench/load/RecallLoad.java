package dev.patchbay.bench.load;

import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.recall.Findings;
import dev.patchbay.hub.recall.LineQuery;
import dev.patchbay.hub.recall.LineSearch;
import dev.patchbay.hub.store.H2Store;
import dev.patchbay.hub.store.NewInbound;
import dev.patchbay.hub.store.NewLine;
import dev.patchbay.hub.store.SessionIdentity;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreOptions;
import dev.patchbay.hub.store.TurnEnd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Messages in English, Chinese and both, searched for what really stands in them. The same texts each time. */
final class RecallLoad {
    private static final int PEERS = 200;
    private static final int CALLERS = 64;
    private static final int ENGLISH_WORDS = 20_000;
    private static final int CHINESE_CHARACTERS = 3_500;
    private static final int FIRST_CHARACTER = 0x4E00;
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String[] SYLLABLES = {
        "ba", "con", "der", "fil", "ger", "hos", "in", "jo", "kal", "lem", "mor", "nat", "op", "pre", "qui", "ras",
        "ster", "tion", "ul", "ver"
    };
    private static final String[] ENDINGS = {"", "", "s", "ed", "ing"};

    private final Random random = new Random(7);
    private final List<String> texts = new ArrayList<>();
    private int missed;

    /**
     * What was measured.
     *
     * @param made how long the index took from nothing, at its own pace beside a hub that does nothing else
     * @param searches by kind
     * @param missed searches that brought nothing, although it was said
     */
    record Result(Duration made, long indexBytes, Map<String, Figures> searches, int missed) {}

    /** One kind of question, made of a text that was said. */
    private interface Question {
        String of(String text);
    }

    /** Fills a store in {@code folder}, has the index made, and asks. */
    Result run(Path folder, int messages, int searches) throws Exception {
        Files.createDirectories(folder);
        try (H2Store store = H2Store.open(
                StoreOptions.of("jdbc:h2:file:" + folder.toAbsolutePath().resolve("hub"), folder, 0),
                Clock.systemUTC(),
                Meters.NONE)) {
            say(store, messages);
            Path index = folder.resolve("index");
            long began = System.nanoTime();
            try (var lines = new LineSearch(store.transcripts(), index, () -> Long.MAX_VALUE, Stopwatch.SYSTEM)) {
                lines.start();
                while (!ask(lines, "nothing").isComplete()) {
                    BenchHub.rest(Duration.ofMillis(50));
                }
                Duration made = Duration.ofNanos(System.nanoTime() - began);
                var figures = new LinkedHashMap<String, Figures>();
                // Twice: the first time warms up.
                for (int round = 0; round < 2; round++) {
                    missed = 0;
                    figures.put("two English words", measure(lines, searches, this::englishWords));
                    figures.put("one to six Chinese characters", measure(lines, searches, this::chinesePart));
                    figures.put("both", measure(lines, searches, text -> englishWords(text) + " " + chinesePart(text)));
                }
                return new Result(made, bytes(index), figures, missed);
            }
        }
    }

    private Figures measure(LineSearch lines, int searches, Question question) throws InterruptedException {
        var figures = new Figures();
        long began = System.nanoTime();
        while (figures.count() < searches) {
            String query = question.of(texts.get(random.nextInt(texts.size()))).strip();
            if (!query.isEmpty()) {
                long start = System.nanoTime();
                Findings found = ask(lines, query);
                figures.add(System.nanoTime() - start);
                missed += found.lines().isEmpty() ? 1 : 0;
            }
        }
        return figures.within(Duration.ofNanos(System.nanoTime() - began));
    }

    private static Findings ask(LineSearch lines, String query) throws InterruptedException {
        return lines.search(new LineQuery(query, Optional.empty(), Optional.empty(), 10));
    }

    // ---- what is asked

    private String englishWords(String text) {
        List<String> words =
                Stream.of(text.split("[^a-z]+")).filter(each -> !each.isEmpty()).toList();
        return words.isEmpty() ? "" : one(words) + " " + one(words);
    }

    private String chinesePart(String text) {
        List<String> runs = Stream.of(text.split("[^\u4E00-\u9FFF]+"))
                .filter(each -> !each.isEmpty())
                .toList();
        if (runs.isEmpty()) {
            return "";
        }
        String run = one(runs);
        int from = random.nextInt(run.length());
        return run.substring(from, Math.min(run.length(), from + 1 + random.nextInt(6)));
    }

    private String one(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }

    // ---- what is said

    private void say(H2Store store, int messages) throws Exception {
        var calls = new ArrayList<Future<?>>();
        try (var callers = Executors.newFixedThreadPool(CALLERS)) {
            for (int i = 0; i < messages / 2; i++) {
                String id = "m" + i;
                String peer = "peer" + i % PEERS;
                String asked = text();
                String answered = text();
                texts.add(asked);
                texts.add(answered);
                calls.add(callers.submit(() -> {
                    say(store, id, peer, asked, answered);
                    return true;
                }));
            }
        }
        for (Future<?> each : calls) {
            each.get();
        }
    }

    private static void say(Store store, String id, String peer, String asked, String answered)
            throws InterruptedException {
        String session = "agent:main:webhook:direct:" + peer;
        store.accept(new NewInbound(
                id, session, "main", "webhook", Optional.empty(), asked.getBytes(StandardCharsets.UTF_8), NOON));
        store.completeTurn(new TurnEnd(
                id,
                new SessionIdentity(session, "main", "webhook", "default", "direct", peer),
                List.of(
                        new NewLine(id, "user", asked, NOON, Map.of()),
                        new NewLine(id + "-a", "assistant", answered, NOON, Map.of("reply_to", id))),
                List.of()));
    }

    private String text() {
        return switch (random.nextInt(5)) {
            case 0, 1 -> english(5 + random.nextInt(40));
            case 2, 3 -> chinese(10 + random.nextInt(80));
            default ->
                english(3 + random.nextInt(10)) + "，" + chinese(5 + random.nextInt(20)) + "。"
                        + english(1 + random.nextInt(5));
        };
    }

    private String english(int words) {
        var text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            int word = often(ENGLISH_WORDS);
            do {
                text.append(SYLLABLES[word % SYLLABLES.length]);
                word /= SYLLABLES.length;
            } while (word > 0);
            text.append(ENDINGS[random.nextInt(ENDINGS.length)]).append(i % 12 == 11 ? ". " : " ");
        }
        return text.toString();
    }

    private String chinese(int characters) {
        var text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append(i % 15 == 14 ? '，' : (char) (FIRST_CHARACTER + often(CHINESE_CHARACTERS)));
        }
        return text.toString();
    }

    /** As words are in any language: the n-th about a n-th as often as the first. */
    private int often(int kinds) {
        return (int) Math.pow(kinds, random.nextDouble()) - 1;
    }

    private static long bytes(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(each -> each.toFile().length()).sum();
        }
    }
}
