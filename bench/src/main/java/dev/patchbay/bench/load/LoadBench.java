package dev.patchbay.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

/**
 * {@code scripts/bench}: start time, idle memory, chat.send over WebSocket, webhook in to callback out, restart with a long queue,
 * searches, and beside them what the disk itself can do. Prints a table and writes {@code target/bench.json}.
 */
public final class LoadBench {
    private static final Set<String> PARTS = Set.of("--model", "--restart", "--recall");

    private final Path root;
    private final Path work;
    private final Plan plan;
    private final Map<String, Object> results = new LinkedHashMap<>();
    private final List<String[]> table = new ArrayList<>();

    /** How long and how much. */
    record Plan(int starts, Duration warmUp, Duration each, List<Integer> sessions, int queued, int said) {
        static final Plan WHOLE =
                new Plan(7, Duration.ofSeconds(8), Duration.ofSeconds(10), List.of(1, 32, 256), 100_000, 100_000);
        static final Plan SHORT =
                new Plan(1, Duration.ofMillis(500), Duration.ofSeconds(1), List.of(1, 32), 1_000, 2_000);
    }

    private LoadBench(Path root, Path work, Plan plan) {
        this.root = root;
        this.work = work;
        this.plan = plan;
    }

    /**
     * Takes {@code --root DIR} of the project, {@code --short}, and {@code --model}, {@code --restart} or {@code --recall}, which
     * leave out all but that.
     */
    public static void main(String[] arguments) throws Exception {
        List<String> given = List.of(arguments);
        int root = given.indexOf("--root");
        Path folder = Files.createTempDirectory("patchbay-bench");
        new LoadBench(
                        Path.of(root < 0 ? "." : given.get(root + 1))
                                .toAbsolutePath()
                                .normalize(),
                        folder,
                        given.contains("--short") ? Plan.SHORT : Plan.WHOLE)
                .run(PARTS.stream().filter(given::contains).collect(Collectors.toSet()));
    }

    private void run(Set<String> only) throws Exception {
        if (only.isEmpty()) {
            disk();
            startAndRest();
            chat();
            webhook();
        }
        if (only.isEmpty() || only.contains("--model")) {
            model();
        }
        if (only.isEmpty() || only.contains("--restart")) {
            restart();
        }
        if (only.isEmpty() || only.contains("--recall")) {
            recall();
        }
        print();
        Path json = root.resolve("target/bench.json");
        Files.createDirectories(json.getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), results);
        System.out.println("\nwritten to target/bench.json");
    }

    private void disk() throws Exception {
        for (int batch : new int[] {1, 64}) {
            Figures figures = DiskLimit.appendAndForce(work.resolve("raw-" + batch), batch, plan.each());
            row("disk: append + force, " + batch + " records of 600 B", figures, "records/s");
        }
    }

    private void startAndRest() throws Exception {
        var times = new Figures();
        long resident = 0;
        for (int i = 0; i <= plan.starts(); i++) {
            long began = System.nanoTime();
            try (BenchHub hub = BenchHub.start(root, work.resolve("start"), "")) {
                long took = System.nanoTime() - began;
                // The first start makes what later ones profit from.
                if (i > 0) {
                    times.add(took);
                }
                if (i == plan.starts()) {
                    BenchHub.rest(Duration.ofSeconds(5));
                    resident = hub.residentKilobytes();
                }
            }
        }
        put("start_ms", times.millis(0.5));
        put("idle_resident_mb", resident / 1024);
        line("start to healthy, median of " + plan.starts(), millis(times.millis(0.5)), "", millis(times.millis(1)));
        line("resident memory, idle", resident / 1024 + " MB", "", "");
    }

    private void chat() throws Exception {
        try (BenchHub hub = BenchHub.start(root, work.resolve("chat"), "")) {
            for (int sessions : plan.sessions()) {
                ChatLoad.run(hub, sessions, plan.warmUp());
                Figures figures = ChatLoad.run(hub, sessions, plan.each());
                row("chat.send over WebSocket, " + sessions + " sessions", figures, "turns/s");
            }
            line("resident memory after load", hub.residentKilobytes() / 1024 + " MB", "", "");
        }
    }

    /** The shape in which hubs for models are compared: eight sessions, a model that answers at once. */
    private void model() throws Exception {
        try (InstantModel model = new InstantModel();
                BenchHub hub = BenchHub.start(root, work.resolve("model"), model.agent())) {
            ChatLoad.run(hub, 8, plan.warmUp());
            row("chat.send to an instant model, 8 sessions", ChatLoad.run(hub, 8, plan.each()), "turns/s");
        }
    }

    private void webhook() throws Exception {
        try (CallbackSink sink = new CallbackSink();
                BenchHub hub = BenchHub.start(root, work.resolve("webhook"), BenchHub.webhookTo(sink.url()))) {
            WebhookLoad.run(hub, sink, 64, plan.warmUp());
            Figures figures = WebhookLoad.run(hub, sink, 64, plan.each());
            row("webhook in, signed callback out, 64 senders", figures, "messages/s");
        }
    }

    private void restart() throws Exception {
        var order = new QueueFiller();
        try (CallbackSink sink = new CallbackSink(order)) {
            Path folder = work.resolve("restart");
            String delivery = "\ndelivery: { queue-limit: 1000000, backoff: [1ms], attempts: 1000 }\n";
            String nobody = BenchHub.webhookTo("http://127.0.0.1:1/") + delivery;
            try (BenchHub hub = BenchHub.start(root, folder, nobody)) {
                QueueFiller.fill(hub, plan.queued());
                // So that the next start needs nobody's word to begin.
                QueueFiller.resume(hub);
            }
            long began = System.nanoTime();
            var firstCame = new FutureTask<>(() -> sink.awaitCount(1, began));
            Thread.ofVirtual().start(firstCame);
            try (var _ = BenchHub.start(root, folder, BenchHub.webhookTo(sink.url()) + delivery)) {
                long healthy = System.nanoTime() - began;
                long first = firstCame.get();
                long all = sink.awaitCount(plan.queued(), began);
                put("restart_queued", plan.queued());
                put("restart_healthy_ms", healthy / 1e6);
                put("restart_first_delivery_ms", first / 1e6);
                put("restart_all_delivered_ms", all / 1e6);
                put("restart_out_of_order", order.outOfOrder());
                String what = "restart with " + plan.queued() + " queued: ";
                line(what + "healthy", millis(healthy / 1e6), "", "");
                line(what + "first delivery", millis(first / 1e6), "", "");
                line(what + "all delivered", millis(all / 1e6), "", "");
                line(what + "out of order", Integer.toString(order.outOfOrder()), "", "");
            }
        }
    }

    private void recall() throws Exception {
        RecallLoad.Result result = new RecallLoad().run(work.resolve("recall"), plan.said(), 2_000);
        put("recall_messages", plan.said());
        put("recall_made_ms", result.made().toMillis());
        put("recall_index_bytes", result.indexBytes());
        put("recall_missed", result.missed());
        String what = "memory.recall in " + plan.said() + " messages: ";
        result.searches().forEach((kind, figures) -> row(what + kind, figures, "searches/s"));
        line(what + "index made from nothing", millis(result.made().toNanos() / 1e6), "", "");
        line(what + "size of the index", (result.indexBytes() >> 20) + " MB", "", "");
        line(what + "searches that missed something", Integer.toString(result.missed()), "", "");
    }

    private void row(String what, Figures figures, String unit) {
        put(
                what,
                Map.of(
                        "per_second", Math.round(figures.perSecond()),
                        "p50_ms", figures.millis(0.5),
                        "p99_ms", figures.millis(0.99),
                        "count", figures.count()));
        line(
                what,
                Math.round(figures.perSecond()) + " " + unit,
                millis(figures.millis(0.5)),
                millis(figures.millis(0.99)));
    }

    private void put(String key, Object value) {
        results.put(key, value);
    }

    private void line(String what, String value, String p50, String p99) {
        table.add(new String[] {what, value, p50, p99});
        System.out.println("  " + what + ": " + value);
    }

    private void print() {
        System.out.println("\n| measured | result | p50 | p99 or worst |\n|---|---|---|---|");
        table.forEach(row -> System.out.println("| " + String.join(" | ", row) + " |"));
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f ms" : "%.0f ms", value);
    }
}
