package dev.patchbay.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A hub that is measured: a process of its own, started by the launcher. Ends it when closed, as a user would. */
final class BenchHub implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("http://([^\\s/]+):(\\d+)/");

    private final Process process;
    private final Path folder;
    private final String host;
    private final int port;

    private BenchHub(Process process, Path folder, String host, int port) {
        this.process = process;
        this.folder = folder;
        this.host = host;
        this.port = port;
    }

    /** Returns as soon as {@code /health} says yes. */
    static BenchHub start(Path root, Path folder, String settings) throws Exception {
        Files.createDirectories(folder);
        Path config = Files.writeString(folder.resolve("hub.yaml"), """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            """ + settings);
        Path out = Files.createTempFile(folder, "out", ".txt");
        Process process = new ProcessBuilder(root.resolve("patchbay").toString(), "run", "--config", config.toString())
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
        for (int i = 0; i < 30_000; i++) {
            Matcher address = ADDRESS.matcher(Files.readString(out));
            if (address.find()) {
                var hub = new BenchHub(process, folder, address.group(1), Integer.parseInt(address.group(2)));
                if (hub.isHealthy()) {
                    return hub;
                }
            }
            if (!process.isAlive()) {
                throw new IllegalStateException("the hub ended: " + Files.readString(folder.resolve("err.txt")));
            }
            rest(Duration.ofMillis(2));
        }
        process.destroyForcibly();
        throw new IllegalStateException("the hub did not become healthy within a minute");
    }

    static String webhookTo(String callback) {
        return """
            channels:
              webhook:
                allow-private: [127.0.0.0/8]
                accounts:
                  default: { verify: none, callback: { url: "%s", secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } }
            """.formatted(callback);
    }

    static void rest(Duration time) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    String token() {
        try {
            return Files.readString(folder.resolve("data/admin-token")).strip();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** 0 where the system does not tell. */
    long residentKilobytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0)
                : 0;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private boolean isHealthy() {
        try {
            var connection = (HttpURLConnection) URI.create("http://" + host + ":" + port + "/health")
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(2_000);
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
