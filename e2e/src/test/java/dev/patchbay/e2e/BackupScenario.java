package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups as an operator meets them: with the built product, from outside. */
class BackupScenario {
    private static final String PLAIN = """
        hub: { data-dir: ./data }
        server: { port: 0 }
        plugins: { dir: ./plugins-installed }
        """;

    @TempDir
    Path folder;

    @Test
    void aDamagedDatabaseIsRefusedWithTheCureAndTheCureWorks() throws Exception {
        // Given
        JsonNode made;
        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            hub.rpc().call("chat.send", "text", "remember me");
            made = hub.rpc().call("backup.create");
            hub.rpc().call("chat.send", "text", "and me");
            HubProcess.Finished refused = command("backup", "restore", "latest", "--yes");
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.err()).contains("another hub").contains("pid");
            assertThat(command("backup", "verify").exitCode()).isZero();
            hub.terminate();
        }
        overwrite(folder.resolve("data/hub.mv.db"), 0, 8_192);

        // When
        HubProcess.Finished check = command("db", "check");
        String told;
        try (HubProcess hub = HubProcess.launch(folder, PLAIN)) {
            assertThat(hub.awaitExit()).isEqualTo(3);
            told = hub.log();
        }
        HubProcess.Finished restored = command("backup", "restore", "latest", "--yes");

        // Then
        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.out()).contains("hub.mv.db").contains("patchbay backup restore latest");
        assertThat(told)
                .contains("is damaged")
                .contains(made.path("name").asText())
                .contains("patchbay backup restore latest");
        assertThat(restored.exitCode()).as(restored.err()).isZero();
        assertThat(restored.out()).contains("restored hub-").contains("nothing is lost");
        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            assertThat(said(hub)).containsExactly("remember me", "remember me", "and me", "and me");
        }
        assertThat(command("db", "check").exitCode()).isZero();
    }

    @Test
    void anOlderDatabaseThatIsPutBackIsRefusedOrRestoredLoudly() throws Exception {
        // Given
        Path database = folder.resolve("data/hub.mv.db");
        Path older = folder.resolve("older");
        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            hub.rpc().call("chat.send", "text", "one");
            hub.terminate();
        }
        Files.copy(database, older);
        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            hub.rpc().call("chat.send", "text", "two");
            hub.rpc().call("backup.create");
            hub.rpc().call("chat.send", "text", "three");
            hub.terminate();
        }
        Files.copy(older, database, StandardCopyOption.REPLACE_EXISTING);

        // When
        String told;
        try (HubProcess hub = HubProcess.launch(folder, PLAIN)) {
            assertThat(hub.awaitExit()).isEqualTo(3);
            told = hub.log();
        }
        try (HubProcess hub = HubProcess.start(folder, PLAIN + "store: { on-damage: restore }\n")) {
            // Then
            assertThat(told).contains("went back in time by").contains("patchbay backup restore latest");
            assertThat(said(hub)).containsExactly("one", "one", "two", "two");
            assertThat(hub.log()).contains("ERROR").contains("lost: what was stored between");
            JsonNode health = hub.rpc().call("health");
            assertThat(health.path("status").asText()).isEqualTo("degraded");
            assertThat(health.at("/parts/backups/detail").asText()).contains("patchbay db acknowledge");
            assertThat(hub.rpc().call("events.sync").toString()).contains("store.restored");
            hub.rpc().call("store.acknowledge");
            Bounded.until(
                    Duration.ofSeconds(30),
                    () -> hub.rpc().call("health").path("status").asText().equals("ok"));
        }
    }

    @Test
    void killedWhileBackingUpItLeavesNoHalfBackupThatCounts() throws Exception {
        // Given
        String yaml = PLAIN + "backups: { every: 1s, keep: 3 }\n";
        for (int round = 0; round < 3; round++) {
            try (HubProcess hub = HubProcess.start(folder, yaml)) {
                var isOver = new AtomicBoolean();
                var sent = new AtomicInteger();
                Thread load = Thread.ofVirtual().start(() -> {
                    while (!isOver.get()) {
                        try {
                            hub.rpc().post("/webhooks/default", "{\"text\":\"" + sent.incrementAndGet() + "\"}");
                        } catch (IOException killed) {
                            return;
                        } catch (InterruptedException stop) {
                            Thread.currentThread().interrupt();
                            return;
                        }
                    }
                });
                Thread.ofVirtual().start(() -> {
                    while (!isOver.get()) {
                        try {
                            hub.rpc().call("backup.create");
                        } catch (IOException killed) {
                            return;
                        } catch (Rpc.RpcError busy) {
                            // The schedule makes one.
                        } catch (InterruptedException stop) {
                            Thread.currentThread().interrupt();
                            return;
                        }
                    }
                });

                // When
                Bounded.until(
                        Duration.ofSeconds(40),
                        () -> Files.exists(folder.resolve("data/backups/.making/hub.mv.db"))
                                && !backups().isEmpty());
                hub.kill();
                isOver.set(true);
                load.join(Duration.ofSeconds(10));
            }

            // Then
            HubProcess.Finished verified = command("backup", "verify");
            assertThat(verified.exitCode()).as(verified.err()).isZero();
        }
        try (HubProcess hub = HubProcess.start(folder, yaml)) {
            hub.rpc().call("chat.send", "text", "all is well");
        }
    }

    @Test
    void withoutAHubTheCommandsWorkOnTheFiles() throws Exception {
        // Given
        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            hub.rpc().call("chat.send", "text", "hello");
            hub.terminate();
        }

        // When
        HubProcess.Finished created = command("backup", "create", "--json");
        HubProcess.Finished listed = command("backup", "list");
        HubProcess.Finished info = command("db", "info");
        HubProcess.Finished compacted = command("db", "compact");
        Path backup = Path.of(Json.read(created.out()).path("file").asText());
        overwrite(backup, Files.size(backup) / 2, 1);
        HubProcess.Finished verified = command("backup", "verify", "latest");
        HubProcess.Finished restored = command("backup", "restore", "latest", "--yes");

        // Then
        assertThat(created.exitCode()).as(created.err()).isZero();
        assertThat(listed.out()).contains(backup.getFileName().toString());
        assertThat(info.out()).contains("last good backup").contains("rows in lines");
        assertThat(compacted.exitCode()).as(compacted.err()).isZero();
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.err()).contains("is not good");
        assertThat(restored.exitCode()).isEqualTo(1);
        assertThat(command("db", "check").exitCode()).isZero();
    }

    private List<Path> backups() throws IOException {
        Path all = folder.resolve("data/backups");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(all)) {
            return files.filter(file -> file.toString().endsWith(".zip")).toList();
        }
    }

    private HubProcess.Finished command(String... words) throws Exception {
        var all = new java.util.ArrayList<>(List.of(words));
        all.addAll(List.of("--config", "hub.yaml"));
        return HubProcess.run(folder, "", all.toArray(String[]::new));
    }

    private static List<String> said(HubProcess hub) throws Exception {
        return hub.rpc().all("chat.history", "messages", "session_key", "agent:main:main").stream()
                .map(each -> each.path("content").asText())
                .toList();
    }

    /** As dd would. */
    private static void overwrite(Path file, long from, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var old = ByteBuffer.allocate(bytes);
            channel.read(old, from);
            for (int i = 0; i < bytes; i++) {
                old.put(i, (byte) ~old.get(i));
            }
            channel.write(old.flip(), from);
        }
    }
}
