package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.command.screen.Colour;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.screen.Table;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.routing.Binding;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.DmScope;
import dev.patchbay.hub.routing.IdentityLinks;
import dev.patchbay.hub.routing.NotRoutable;
import dev.patchbay.hub.routing.RouteExplanation;
import dev.patchbay.hub.routing.RouteExplanation.Considered;
import dev.patchbay.hub.routing.RouteQuery;
import dev.patchbay.hub.routing.Router;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "route",
        header = "Explain who answers a message, and in which session.",
        description = {"Reads the configuration only; needs no running hub and no network.", ""},
        footer = {
            "",
            "Examples:",
            "  patchbay route --channel telegram --peer direct:42",
            "  patchbay route --channel discord --peer channel:200 --guild 123 --role 456 --thread 9"
        })
final class RouteCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    private final CommandContext context;

    @Option(names = "--channel", required = true, paramLabel = "CHANNEL", description = "where it comes in")
    private String channel = "";

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "through which account (default)")
    private @Nullable String account;

    @Option(
            names = "--peer",
            required = true,
            paramLabel = "KIND:ID",
            description = "whom the answer goes to: direct:ID, group:ID or channel:ID")
    private String peer = "";

    @Option(names = "--parent-peer", paramLabel = "KIND:ID", description = "what a thread hangs on")
    private @Nullable String parentPeer;

    @Option(names = "--guild", paramLabel = "ID", description = "the Discord server")
    private @Nullable String guild;

    @Option(names = "--team", paramLabel = "ID", description = "the Slack workspace or the like")
    private @Nullable String team;

    @Option(
            names = {"--role", "--roles"},
            paramLabel = "ID",
            split = ",",
            description = "a role of the sender; may be repeated")
    private List<String> roles = List.of();

    @Option(names = "--thread", paramLabel = "ID", description = "the thread in it")
    private @Nullable String thread;

    RouteCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        HubConfig config = context.configFor("agents", "bindings", "default-agent", "sessions");
        BindingTable table = BindingTable.parse(
                config.bindings().rules(),
                config.agents().keySet(),
                config.tenants(),
                config.bindings().places()::get);
        if (table.hasErrors()) {
            table.problems().stream().filter(problem -> problem.isError()).forEach(problem -> context.screen()
                    .note(HarmlessText.line(problem.toString())));
            throw new Failure(
                    ExitCode.FAILED, "the bindings have errors", "mend them; `patchbay check` shows all of them");
        }
        var router = new Router(
                table,
                config.tenants()::defaultAgent,
                DmScope.of(config.sessions().dmScope()),
                IdentityLinks.parse(config.sessions().identityLinks(), (_, _) -> {}));
        RouteExplanation explained = explain(router);
        if (context.options().isJson()) {
            context.screen().json(json(explained));
        } else {
            print(explained);
        }
        return ExitCode.DONE.number();
    }

    private RouteExplanation explain(Router router) {
        try {
            Peer parent = parentPeer == null ? null : peer("--parent-peer", parentPeer);
            return router.explain(
                    new RouteQuery(channel, account, peer("--peer", peer), parent, guild, team, roles, thread));
        } catch (NotRoutable why) {
            throw new Failure(
                    ExitCode.USAGE, String.valueOf(why.getMessage()), "`patchbay route --help` shows examples", why);
        }
    }

    private static Peer peer(String option, String written) {
        int colon = written.indexOf(':');
        try {
            return new Peer(
                    colon < 0 ? Peer.Kind.DIRECT : Peer.Kind.of(written.substring(0, colon)),
                    written.substring(colon + 1));
        } catch (IllegalArgumentException wrong) {
            throw new Failure(
                    ExitCode.USAGE,
                    option + " \"" + written + "\": " + wrong.getMessage(),
                    "write direct:ID, group:ID or channel:ID",
                    wrong);
        }
    }

    private void print(RouteExplanation explained) {
        var route = explained.route();
        Binding binding = route.binding();
        line("agent", route.agentId());
        line("session", route.sessionKey().toString());
        line("tier", route.tier().word());
        line("binding", binding == null ? "none matches" : "bindings[" + binding.index() + "], " + binding.place());
        if (!explained.considered().isEmpty()) {
            context.screen().line("");
            var table = new Table("BINDING", "AGENT", "TIER", "MATCHES", "WHY");
            explained
                    .considered()
                    .forEach(each -> table.row(
                            "bindings[" + each.index() + "]",
                            each.agentId(),
                            each.tier().word(),
                            each.matched() ? "yes" : "no",
                            each.reason()));
            context.screen().table(table);
        }
    }

    private void line(String name, String value) {
        context.screen().line("%-9s %s".formatted(name, context.screen().paint(Colour.BOLD, HarmlessText.line(value))));
    }

    /** As {@code bindings.explain} answers. */
    private static ObjectNode json(RouteExplanation explained) {
        var route = explained.route();
        ObjectNode json = JSON.createObjectNode()
                .put("agent_id", route.agentId())
                .put("tier", route.tier().word());
        Binding binding = route.binding();
        if (binding != null) {
            ObjectNode tree = JSON.valueToTree(binding.tree());
            json.set("binding", tree.put("index", binding.index()).put("place", binding.place()));
        }
        json.put("session_key", route.sessionKey().toString());
        var considered = json.putArray("considered");
        for (Considered each : explained.considered()) {
            considered
                    .addObject()
                    .put("index", each.index())
                    .put("agent_id", each.agentId())
                    .put("tier", each.tier().word())
                    .put("matched", each.matched())
                    .put("reason", each.reason());
        }
        return json;
    }
}
