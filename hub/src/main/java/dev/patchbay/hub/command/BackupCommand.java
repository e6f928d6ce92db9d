package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.screen.Colour;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.screen.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        header = "Make, list and verify backups of the store; put one back.",
        description = {
            "The hub makes one by itself every backups.every (24h) and keeps backups.keep (7). Each is opened and read"
                    + " whole before it counts. create and list ask the running hub, or work on the files if none runs;"
                    + " restore wants it stopped.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  patchbay backup create",
            "  patchbay backup verify latest",
            "  patchbay backup restore latest",
            "  patchbay backup restore /mnt/elsewhere/hub-20261121T100000Z-4711.zip --yes"
        })
final class BackupCommand implements Callable<Integer> {
    private final CommandContext context;
    private final StoreAccess store;

    BackupCommand(CommandContext context, HubRunner runner) {
        this.context = context;
        this.store = new StoreAccess(context, runner);
    }

    @Override
    public Integer call() throws InterruptedException {
        return list();
    }

    @Command(name = "create", header = "Make a backup now and read it whole; also while the hub works.")
    int create() throws InterruptedException {
        JsonNode made = store.hubOrFiles("backup.create", (tools, watching) -> tools.create(watching));
        if (context.options().isJson()) {
            context.screen().json(made);
        } else {
            context.screen().line(HarmlessText.line(Fields.text(made, "file")));
            context.screen().note(facts(made) + ", verified");
            tellOfMissing(made);
        }
        return ExitCode.DONE.number();
    }

    @Command(name = "list", header = "Show the good backups, the newest first.")
    int list() throws InterruptedException {
        JsonNode all = store.hubOrFiles("backup.list", (tools, watching) -> tools.list());
        if (context.options().isJson()) {
            context.screen().json(all);
            return ExitCode.DONE.number();
        }
        var table = new Table("BACKUP", "MADE", "SIZE", "COMMIT", "RECORDS", "FILES");
        all.path("backups")
                .forEach(each -> table.row(
                        Fields.text(each, "name"),
                        Fields.time(each, "created_at"),
                        size(each.path("bytes").asLong()),
                        Fields.text(each, "commit_number"),
                        Fields.text(each, "records"),
                        Fields.text(each, "attachments")));
        context.screen().table(table);
        if (table.isEmpty()) {
            context.screen().note("no backup in " + HarmlessText.line(Fields.text(all, "folder")));
        }
        return ExitCode.DONE.number();
    }

    @Command(
            name = "verify",
            header = "Open backups and read everything in them.",
            description = {"Works beside a running hub. Exit 1 if one is not good.", ""})
    int verify(
            @Parameters(
                            paramLabel = "BACKUP",
                            arity = "0..*",
                            description = "names, files, or latest (default: all that are listed)")
                    List<String> names)
            throws InterruptedException {
        List<String> asked = names == null ? new ArrayList<>() : new ArrayList<>(names);
        if (asked.isEmpty()) {
            store.files((tools, watching) -> tools.list())
                    .path("backups")
                    .forEach(each -> asked.add(Fields.text(each, "name")));
        }
        if (asked.isEmpty()) {
            throw new Failure(ExitCode.FAILED, "there is no backup", "make one with `patchbay backup create`");
        }
        boolean areGood = true;
        for (String name : asked) {
            areGood &= isGood(name);
        }
        return (areGood ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    @Command(
            name = "restore",
            header = "Put a backup back; the hub must be stopped.",
            description = {
                "What is there now is set aside in the folder set-aside of the data folder, never deleted. What can"
                        + " still be read of it and is newer than the backup is taken over. Deliveries that were open"
                        + " are sent and marked as possibly repeated.",
                ""
            })
    int restore(
            @Parameters(paramLabel = "BACKUP", description = "its name, its file, or latest") String name,
            @Option(
                            names = {"-y", "--yes"},
                            description = "do not ask")
                    boolean isSure,
            @Option(names = "--exact", description = "the backup as it is: take over nothing from the present store")
                    boolean isExact)
            throws InterruptedException {
        if (store.isHubThere()) {
            throw new Failure(
                    ExitCode.NO_HUB,
                    "the hub at " + context.address() + " is running on these data",
                    "stop it first, then repeat this");
        }
        JsonNode plan = store.files((tools, watching) -> tools.plan(name));
        if (!isSure && context.surroundings().isInTerminal() && !isConfirmed(plan)) {
            throw new Failure(ExitCode.FAILED, "nothing was changed", "");
        }
        JsonNode done = store.files((tools, watching) -> tools.restore(name, !isExact, watching));
        if (context.options().isJson()) {
            context.screen().json(done);
        } else {
            tell(done);
        }
        return ExitCode.DONE.number();
    }

    private boolean isGood(String name) {
        JsonNode verified;
        try {
            verified = store.files((tools, watching) -> tools.verify(name, watching));
        } catch (Failure bad) {
            if (context.options().isJson()) {
                ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name);
                context.screen().json(json.put("verified", false).put("reason", bad.what()));
            } else {
                context.screen().error(bad.what(), bad.cure());
            }
            return false;
        }
        long damaged = verified.path("attachments_damaged").asLong();
        if (context.options().isJson()) {
            context.screen().json(verified);
        } else {
            String verdict = damaged == 0
                    ? context.screen().paint(Colour.GREEN, "good")
                    : context.screen().paint(Colour.RED, damaged + " files of messages are missing or damaged");
            context.screen().line(HarmlessText.line(Fields.text(verified, "name")) + ": " + verdict);
            context.screen().note(facts(verified));
        }
        return damaged == 0;
    }

    private boolean isConfirmed(JsonNode plan) {
        JsonNode backup = plan.path("backup");
        context.screen()
                .note(HarmlessText.line("This puts " + Fields.text(backup, "name") + " of "
                        + Fields.time(backup, "created_at") + " in place of " + Fields.text(plan, "store")
                        + ", which is set aside. Type yes to go on:"));
        try {
            String answer = new BufferedReader(
                            new InputStreamReader(context.surroundings().in(), StandardCharsets.UTF_8))
                    .readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        } catch (IOException gone) {
            return false;
        }
    }

    private void tell(JsonNode done) {
        JsonNode backup = done.path("backup");
        context.screen()
                .line(HarmlessText.line(
                        "restored " + Fields.text(backup, "name") + " of " + Fields.time(backup, "created_at")));
        JsonNode taken = done.path("taken_over");
        if (!taken.isEmpty()) {
            var parts = new ArrayList<String>();
            taken.properties().forEach(each -> parts.add(each.getValue().asText() + " " + each.getKey()));
            context.screen().line(HarmlessText.line("taken over from the old store: " + String.join(", ", parts)));
        }
        String lost = Fields.text(done, "lost");
        context.screen().line(HarmlessText.line(lost.isEmpty() ? "nothing is lost" : "lost: " + lost));
        context.screen().line(HarmlessText.line("the old store is in " + Fields.text(done, "set_aside")));
        tellOfMissing(done);
        context.screen().note("next: " + context.commandLine("run"));
    }

    private void tellOfMissing(JsonNode tree) {
        long missing = tree.path("attachments_missing").asLong();
        if (missing > 0) {
            context.screen().note(missing + " files that messages name are nowhere to be found");
        }
    }

    private static String facts(JsonNode backup) {
        return size(backup.path("bytes").asLong()) + ", commit " + Fields.text(backup, "commit_number") + ", "
                + Fields.text(backup, "records") + " records, " + Fields.text(backup, "attachments") + " files";
    }

    static String size(long bytes) {
        if (bytes < 1_000_000) {
            return (bytes + 999) / 1_000 + " KB";
        }
        return bytes < 10_000_000_000L ? bytes / 1_000_000 + " MB" : bytes / 1_000_000_000 + " GB";
    }
}
