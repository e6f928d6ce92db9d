package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.hub.command.screen.Colour;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.screen.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "db",
        header = "Look at the database, check it, make it smaller.",
        description = {"Asks the running hub, or reads the files if none runs.", ""},
        footer = {
            "",
            "Examples:",
            "  patchbay db info",
            "  patchbay db check",
            "  patchbay db check --aside",
            "  patchbay db compact"
        })
final class DbCommand implements Callable<Integer> {
    private final CommandContext context;
    private final StoreAccess store;

    DbCommand(CommandContext context, HubRunner runner) {
        this.context = context;
        this.store = new StoreAccess(context, runner);
    }

    @Override
    public Integer call() throws InterruptedException {
        return info();
    }

    @Command(name = "info", header = "Show its size, its rows and how backups stand.")
    int info() throws InterruptedException {
        JsonNode info = store.hubOrFiles("store.info", (tools, watching) -> tools.info());
        if (context.options().isJson()) {
            context.screen().json(info);
            return ExitCode.DONE.number();
        }
        var table = new Table("WHAT", "VALUE");
        table.row("file", Fields.text(info, "file"));
        table.row("size", BackupCommand.size(info.path("bytes").asLong()));
        table.row("free on its disk", BackupCommand.size(info.path("free_bytes").asLong()));
        table.row("commit", Fields.text(info, "commit_number"));
        table.row("high-water mark", info.has("mark") ? Fields.text(info, "mark") : "none");
        table.row("schema", Fields.text(info, "schema"));
        table.row("set aside", Fields.text(info, "damaged"));
        JsonNode last = info.path("last_backup");
        table.row(
                "last good backup",
                last.isMissingNode() ? "none" : Fields.time(last, "created_at") + "  " + Fields.text(last, "name"));
        info.path("rows")
                .properties()
                .forEach(each ->
                        table.row("rows in " + each.getKey(), each.getValue().asText()));
        context.screen().table(table);
        for (String note : new String[] {"backup_trouble", "restored"}) {
            String said = Fields.text(info, note);
            if (!said.isEmpty()) {
                context.screen().note(HarmlessText.line(note.replace('_', ' ') + ": " + said));
            }
        }
        return ExitCode.DONE.number();
    }

    @Command(
            name = "check",
            header = "Read every record and compare with the high-water mark.",
            description = {
                "Changes nothing. Exit 1 if anything is wrong; each finding names its place and the cure.",
                ""
            })
    int check(@Option(names = "--aside", description = "show the records that were set aside instead") boolean isAside)
            throws InterruptedException {
        if (isAside) {
            return aside();
        }
        JsonNode report = store.hubOrFiles("store.check", (tools, watching) -> tools.check(watching));
        boolean isGood = report.path("ok").asBoolean();
        if (context.options().isJson()) {
            context.screen().json(report);
        } else {
            for (JsonNode each : report.path("findings")) {
                context.screen()
                        .line(HarmlessText.line(Fields.text(each, "place") + ": " + Fields.text(each, "what") + "; "
                                + Fields.text(each, "cure")));
            }
            long wrong = report.path("wrong").asLong();
            long more = wrong - report.path("findings").size();
            if (more > 0) {
                context.screen().line("and " + more + " more");
            }
            String verdict = isGood
                    ? context.screen().paint(Colour.GREEN, "ok")
                    : context.screen().paint(Colour.RED, "not ok") + ": " + wrong + " things are wrong";
            context.screen().line(verdict + ": " + Fields.text(report, "records") + " rows read");
            long damaged = report.path("damaged").asLong();
            if (damaged > 0) {
                context.screen()
                        .note(damaged + " records were set aside so far; `patchbay db check --aside` shows them");
            }
        }
        return (isGood ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    @Command(
            name = "compact",
            header = "Give back the room that the database does not need.",
            description = {
                "The file itself only shrinks while no hub has it: stop the hub first. While it runs, what is over its"
                        + " age is let go of, and its room is used again.",
                ""
            })
    int compact() throws InterruptedException {
        boolean isOnline = store.isHubThere();
        JsonNode done = store.hubOrFiles("store.optimize", (tools, watching) -> tools.compact(watching));
        if (context.options().isJson()) {
            context.screen().json(done);
            return ExitCode.DONE.number();
        }
        context.screen()
                .line(BackupCommand.size(done.path("bytes_before").asLong()) + " before, "
                        + BackupCommand.size(done.path("bytes").asLong()) + " now");
        if (isOnline) {
            context.screen().note("the hub has let go of what is over its age; the file shrinks while it is stopped");
        }
        return ExitCode.DONE.number();
    }

    @Command(name = "acknowledge", header = "Take note that the store was restored by itself: health is ok again.")
    int acknowledge() throws InterruptedException {
        JsonNode done = store.hubOrFiles("store.acknowledge", (tools, watching) -> tools.acknowledge());
        if (context.options().isJson()) {
            context.screen().json(done);
        } else {
            context.screen()
                    .line(done.path("acknowledged").asBoolean() ? "acknowledged" : "there was nothing to acknowledge");
        }
        return ExitCode.DONE.number();
    }

    private int aside() throws InterruptedException {
        JsonNode all = store.hubOrFiles("store.aside", (tools, watching) -> tools.setAside());
        if (context.options().isJson()) {
            context.screen().json(all);
            return ExitCode.DONE.number();
        }
        var table = new Table("KIND", "ID", "SET ASIDE", "BYTES", "REASON");
        all.path("records")
                .forEach(each -> table.row(
                        Fields.text(each, "kind"),
                        Fields.text(each, "id"),
                        Fields.time(each, "at"),
                        Fields.text(each, "bytes"),
                        Fields.text(each, "reason")));
        context.screen().table(table);
        return ExitCode.DONE.number();
    }
}
