package dev.patchbay.hub;

import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import dev.patchbay.hub.config.PulseConfig;
import dev.patchbay.hub.routing.Binding;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.Match;
import dev.patchbay.hub.routing.Tier;
import dev.patchbay.hub.session.Address;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.tenant.Tenants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong between the tenants of a configuration. Rules across tenants are found where rules are read. */
final class TenantChecks {
    private final LoadedConfig loaded;
    private final Tenants tenants;
    private final List<Problem> problems = new ArrayList<>();

    private TenantChecks(LoadedConfig loaded) {
        this.loaded = loaded;
        this.tenants = loaded.config().tenants();
    }

    static List<Problem> of(LoadedConfig loaded, BindingTable table) {
        var checks = new TenantChecks(loaded);
        loaded.config().agents().values().forEach(checks::fallback);
        checks.tenants
                .accounts()
                .forEach((account, owner) -> checks.account(account.channel(), account.accountId(), owner, table));
        PulseConfig pulse = loaded.config().pulse();
        pulse.heartbeats()
                .forEach((agent, each) -> checks.target("agents." + agent + ".heartbeat.target", agent, each.target()));
        pulse.schedules().forEach(each -> checks.target(each.key() + ".deliver", each.agent(), each.deliver()));
        List<HubConfig.Token> tokens = loaded.config().server().tokens();
        for (int i = 0; i < tokens.size(); i++) {
            checks.token(i, tokens.get(i));
        }
        return checks.problems;
    }

    private void fallback(HubConfig.AgentConfig agent) {
        Optional<String> own = tenants.ofAgent(agent.id());
        Optional<String> other = agent.fallback().flatMap(tenants::ofAgent);
        if (other.isPresent() && !other.equals(own)) {
            problems.add(loaded.places()
                    .error(
                            "agents." + agent.id() + ".fallback",
                            "agent \"" + agent.fallback().orElse("") + "\" belongs to another tenant",
                            "name an agent of tenant " + own.orElse(Tenants.DEFAULT)));
        }
    }

    /** What an agent says by itself goes to its own tenant's people, as do its answers. What is no target is found elsewhere. */
    private void target(String key, String agent, String written) {
        Target target;
        try {
            target = Target.parse(written);
        } catch (IllegalArgumentException foundElsewhere) {
            return;
        }
        if (target instanceof Target.Named(Address to) && !tenants.mayMeet(to.channel(), to.accountId(), agent)) {
            problems.add(loaded.places()
                    .error(
                            key,
                            "account \"" + to.accountId() + "\" of channel " + to.channel()
                                    + " belongs to another tenant than agent \"" + agent + "\"",
                            "name an account of tenant "
                                    + tenants.ofAgent(agent).orElse(Tenants.DEFAULT) + ", last or none"));
        }
    }

    /** Somebody has to answer what no rule matches. */
    private void account(String channel, String account, String owner, BindingTable table) {
        if (tenants.defaultAgent(owner).isPresent() || isTakenWhole(channel, account, table)) {
            return;
        }
        List<String> agents = tenants.agentsOf(owner);
        problems.add(loaded.places()
                .error(
                        "channels." + channel + ".accounts." + account + ".tenant",
                        agents.isEmpty()
                                ? "tenant " + owner + " has no agent that could answer"
                                : "tenant " + owner + " has several agents, and none is the default",
                        agents.isEmpty()
                                ? "give an agent the same tenant"
                                : "write a binding for the whole account: { agent: " + agents.getFirst()
                                        + ", match: { channel: " + channel + ", account: " + account + " } }"));
    }

    private static boolean isTakenWhole(String channel, String account, BindingTable table) {
        return table.bindings().stream()
                .map(Binding::match)
                .filter(match -> match.tier() == Tier.ACCOUNT || match.tier() == Tier.CHANNEL)
                .filter(match -> match.channel().equals(channel))
                .map(Match::account)
                .anyMatch(named -> named == null || named.equals(account));
    }

    private void token(int index, HubConfig.Token token) {
        boolean isKnown = token.tenant().equals(Tenants.ALL)
                || token.tenant().equals(Tenants.DEFAULT)
                || tenants.names().contains(token.tenant());
        if (!isKnown) {
            problems.add(loaded.places()
                    .warning(
                            "server.tokens." + index + ".tenant",
                            "nothing belongs to tenant \"" + token.tenant() + "\"",
                            "correct the name, or give an agent or account this tenant"));
        }
    }
}
