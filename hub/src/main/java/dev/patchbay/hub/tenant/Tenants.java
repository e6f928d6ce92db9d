package dev.patchbay.hub.tenant;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tenants of a hub: who owns which agent and which account. Immutable.
 *
 * @param agents owners by agent id, in the order of the configuration
 * @param accounts owners by account
 * @param defaultAgent the hub's
 */
public record Tenants(Map<String, String> agents, Map<Account, String> accounts, String defaultAgent) {
    /** Owns what names no tenant. */
    public static final String DEFAULT = "default";

    /** In a token: all tenants, and the hub itself. */
    public static final String ALL = "*";

    /** One account of a channel; both names in lower case. */
    public record Account(String channel, String accountId) {}

    public Tenants {
        agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
        accounts = Collections.unmodifiableMap(new LinkedHashMap<>(accounts));
    }

    /** A hub with one tenant, to which everything belongs. */
    public static Tenants one(String defaultAgent) {
        return new Tenants(Map.of(), Map.of(), defaultAgent);
    }

    /** Whether somebody else than {@link #DEFAULT} owns anything. */
    public boolean isDivided() {
        return agents.values().stream().anyMatch(owner -> !owner.equals(DEFAULT))
                || accounts.values().stream().anyMatch(owner -> !owner.equals(DEFAULT));
    }

    /** Those who own something, in the order of the configuration. */
    public Set<String> names() {
        var names = new LinkedHashSet<>(agents.values());
        names.addAll(accounts.values());
        return names;
    }

    /** The owner of a configured agent. */
    public Optional<String> ofAgent(String agentId) {
        return Optional.ofNullable(agents.get(agentId));
    }

    /** The owner of a configured account. */
    public Optional<String> ofAccount(String channel, String accountId) {
        return Optional.ofNullable(accounts.get(new Account(channel, accountId)));
    }

    /** Whether a message of the account may go to the agent; what is not configured stands in nobody's way. */
    public boolean mayMeet(String channel, String accountId, String agentId) {
        Optional<String> account = ofAccount(channel, accountId);
        Optional<String> agent = ofAgent(agentId);
        return account.isEmpty() || agent.isEmpty() || account.equals(agent);
    }

    /** Accounts of a channel that belong to somebody else than the agent's owner. */
    public List<String> strangers(String channel, String agentId) {
        return accounts.keySet().stream()
                .filter(each -> each.channel().equals(channel))
                .map(Account::accountId)
                .filter(account -> !mayMeet(channel, account, agentId))
                .toList();
    }

    /** Who answers what no rule matches: the hub's default agent if it is the tenant's, else its only agent. */
    public Optional<String> defaultAgent(String tenant) {
        if (agents.isEmpty() || ofAgent(defaultAgent).equals(Optional.of(tenant))) {
            return Optional.of(defaultAgent);
        }
        List<String> own = agentsOf(tenant);
        return own.size() == 1 ? Optional.of(own.getFirst()) : Optional.empty();
    }

    /** Likewise for an account; one that is not configured counts as the default agent's. */
    public Optional<String> defaultAgent(String channel, String accountId) {
        return ofAccount(channel, accountId).map(this::defaultAgent).orElse(Optional.of(defaultAgent));
    }

    /** In the order of the configuration. */
    public List<String> agentsOf(String tenant) {
        return agents.entrySet().stream()
                .filter(each -> each.getValue().equals(tenant))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What a token of this tenant sees; {@link #ALL} sees everything, and so does everybody's while nothing is divided. */
    public Visibility seenBy(String tenant) {
        if (tenant.equals(ALL) || (tenant.equals(DEFAULT) && !isDivided())) {
            return Visibility.WHOLE;
        }
        var seen = new LinkedHashSet<Account>();
        accounts.forEach((account, owner) -> {
            if (owner.equals(tenant)) {
                seen.add(account);
            }
        });
        return Visibility.of(Set.copyOf(agentsOf(tenant)), seen, defaultAgent(tenant));
    }
}
