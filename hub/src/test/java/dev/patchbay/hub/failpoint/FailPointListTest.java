package dev.patchbay.hub.failpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Holds the list of fail points to what the hub's classes really do, and shows it in failpoints.txt, so that a new durable step
 * fails the build until it has a point. A wanted change: {@code mvn -pl hub test -Dfailpoints.update=true}, then read the diff.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailPointListTest {
    private static final Path RECORDED = Path.of(System.getProperty("basedir", "."), "failpoints.txt");

    private static final String CUT = "PowerCutTest cuts the power at each of its steps";
    private static final String COPY =
            "a copy beside the store counts only when it is whole and under its name; BackupsTest";
    private static final String RESTORE =
            "a restore that was cut off is finished by the next start; StoreCopyTest, BackupScenario";
    private static final String ASIDE = "a copy that nobody uses before it is whole; StoreCopyTest";

    /** Steps without a point in their own method, and why. */
    private static final Map<String, String> EXCEPTED = new TreeMap<>(Map.ofEntries(
            Map.entry("Main.utf8", "the terminal"),
            Map.entry("StoreRoom.check", ASIDE),
            Map.entry("backup.BackupFile.write", COPY),
            Map.entry("backup.Backups.create", COPY),
            Map.entry("backup.Backups.letGo", COPY),
            Map.entry("backup.Backups.make", COPY),
            Map.entry("backup.Backups.sweep", COPY),
            Map.entry("backup.Backups.unpack", ASIDE),
            Map.entry("backup.Backups.verify", ASIDE),
            Map.entry("backup.RestoreNotice.acknowledge", "an operator takes note; repeated if it was cut off"),
            Map.entry("backup.RestoreNotice.leave", RESTORE),
            Map.entry("backup.SharedFiles.copy", COPY),
            Map.entry("backup.SharedFiles.drop", COPY),
            Map.entry("backup.SharedFiles.keepOnly", COPY),
            Map.entry("backup.SharedFiles.take", COPY),
            Map.entry("gateway.Outbox.flush", "its one caller has the points"),
            Map.entry("store.FileCopy.copy", ASIDE),
            Map.entry("store.FileCopy.force", ASIDE),
            Map.entry("store.Folders.make", CUT),
            Map.entry("store.H2Database.confirm", "the last sync before the end; " + CUT),
            Map.entry("store.H2Opening.create", CUT),
            Map.entry("store.H2Opening.migrate", CUT + "; MigrationTest"),
            Map.entry("store.H2File.write", CUT),
            Map.entry("store.H2File.writeHeaders", CUT),
            Map.entry("store.HighWaterMark.slotsWithState", "at the start, before H2 opens the file; " + CUT),
            Map.entry("store.PendingRestore.finish", RESTORE),
            Map.entry("store.PendingRestore.moveAside", RESTORE),
            Map.entry("store.PendingRestore.run", RESTORE),
            Map.entry("store.Rebuild.run", ASIDE),
            Map.entry("store.Rebuild.salvage", ASIDE),
            Map.entry("store.Salvage.all", ASIDE),
            Map.entry("store.Salvage.attempts", ASIDE),
            Map.entry("store.Salvage.put", ASIDE),
            Map.entry("store.StoreCopying.run", COPY),
            Map.entry("store.StoreFile.withCopy", ASIDE),
            Map.entry("store.StoreFolder.compact", ASIDE),
            Map.entry("store.StoreFolder.newAside", RESTORE),
            Map.entry("store.StoreFolder.unpackTo", ASIDE),
            Map.entry(
                    "agent.AgentRun.run", "the agent's own thread; session.Turns has the points around the whole turn"),
            Map.entry("agent.Agents.run", "for turns of which nothing is stored but what they have used"),
            Map.entry("agent.http.HttpAgent.call", "inside of the agent, as above"),
            Map.entry("plugin.GuardedAgentPlugin$InItsPlace.reply", "inside of the agent, as above"),
            Map.entry(
                    "attachment.Spool.remove",
                    "a file that has no name yet; what stays is swept away at the next start"),
            Map.entry(
                    "channel.Connection.deliver",
                    "the plugin's side of the same call; delivery.Attempts has the points"),
            Map.entry("channel.Connection.reconcile", "as deliver"),
            Map.entry("channel.Connection.draft", "as deliver; delivery.Stage has the points"),
            Map.entry("channel.Connection.typing", "as deliver; delivery.LiveShowing has the point"),
            Map.entry("channel.Connection.retract", "as typing"),
            Map.entry("channel.Connection.receive", "as deliver; gateway.ChannelDoor has the point"),
            Map.entry("gateway.Guard.check", "a refusal of a request that never came in whole"),
            Map.entry("gateway.Guard$Writer.write", "the pipe under all answers, which have points of their own"),
            Map.entry("gateway.Guard$Writer.writeNow", "as write"),
            Map.entry("gateway.WebSocketDoor.upgrade", "a handshake; what goes over the socket has its points"),
            Map.entry("recall.Index.empty", "an index that is of no use; what stays of it goes at the next try"),
            Map.entry("plugin.PluginStage.move", "its one caller has the point"),
            Map.entry("plugin.PluginStage.unpack", "its one caller has the point"),
            Map.entry("plugin.PluginStage$1.visitFile", "those who delete working copies have the points"),
            Map.entry("plugin.PluginStage$1.postVisitDirectory", "as visitFile"),
            Map.entry("store.Folders.force", "those who call it have the points"),
            Map.entry("store.H2Sync.sync", "those who call it have the points"),
            Map.entry("store.HubLock.write", "its one caller has the point")));

    private final DurableSteps code = new DurableSteps();

    @Test
    void everyStepThatCannotBeTakenBackHasAFailPoint() {
        // When
        var bare = new TreeMap<>(code.withSteps());
        bare.keySet().removeAll(code.reaching());

        // Then
        var bareOnes = new TreeMap<>(bare);
        bareOnes.keySet().removeAll(EXCEPTED.keySet());
        assertThat(bareOnes)
                .as("steps that become durable or leave the process, in methods that reach no fail point before them")
                .isEmpty();
        assertThat(EXCEPTED.keySet()).as("exceptions that are needed no more").isSubsetOf(bare.keySet());
    }

    @Test
    void everyFailPointIsInTheCode() {
        // When
        var nowhere = new TreeSet<String>();
        for (Place each : Place.values()) {
            if (code.placesOf(each).isEmpty()) {
                nowhere.add(each.name());
            }
        }
        for (StoreWrite each : StoreWrite.values()) {
            if (code.placesOf(each).isEmpty()) {
                nowhere.add(each.name());
            }
        }
        for (StoreWrite.Moment each : StoreWrite.Moment.values()) {
            if (code.placesOf(each).isEmpty()) {
                nowhere.add(each.name());
            }
        }

        // Then
        assertThat(nowhere).isEmpty();
    }

    @Test
    void theListIsTheRecordedOne() throws Exception {
        // Given
        List<String> list = list();
        if (Boolean.getBoolean("failpoints.update")) {
            Files.write(RECORDED, list);
        }

        // When
        List<String> recorded = Files.exists(RECORDED) ? Files.readAllLines(RECORDED) : List.of();

        // Then
        assertThat(list)
                .as("fail points; if the change is wanted: mvn -pl hub test -Dfailpoints.update=true")
                .isEqualTo(recorded);
    }

    private List<String> list() {
        var lines = new ArrayList<String>();
        lines.add("Fail points: where they are, what has happened there and what has not. Generated; see"
                + " docs/testing.md.");
        lines.add("");
        for (Place each : Place.values()) {
            add(lines, each.name() + "  " + each.meaning(), each);
        }
        lines.add("");
        lines.add("Writes to the store; each of these is five points, one per moment: ACCEPT_BEFORE_WRITE and so on");
        lines.add("");
        for (StoreWrite each : StoreWrite.values()) {
            add(lines, each.name() + "  " + each.meaning(), each);
        }
        lines.add("");
        for (StoreWrite.Moment each : StoreWrite.Moment.values()) {
            add(lines, each.name() + "  " + each.meaning(), each);
        }
        lines.add("");
        lines.add("Steps without a point in their own method");
        lines.add("");
        EXCEPTED.forEach((place, why) -> lines.add(place + "  " + why));
        return lines;
    }

    private void add(List<String> lines, String head, Enum<?> constant) {
        lines.add(head);
        code.placesOf(constant).forEach(place -> lines.add("  " + place));
    }
}
