package dev.patchbay.hub.tenant;

import dev.patchbay.hub.tenant.Tenants.Account;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody can see. What is not seen does not exist: whoever asks for it gets the same answer as for something that was
 * never there. What nobody configured owns, such as the sessions of an agent that is gone, is seen by those who see all.
 * Immutable.
 */
public final class Visibility {
    /** Everything, the hub itself included. */
    public static final Visibility WHOLE = new Visibility(Optional.empty(), Optional.empty(), Optional.empty());

    /** Nothing at all. */
    public static final Visibility NOTHING = of(Set.of(), Set.of(), Optional.empty());

    private final Optional<Set<String>> agents;
    private final Optional<Set<Account>> accounts;
    private final Optional<String> defaultAgent;

    private Visibility(Optional<Set<String>> agents, Optional<Set<Account>> accounts, Optional<String> defaultAgent) {
        this.agents = agents.map(Set::copyOf);
        this.accounts = accounts.map(Set::copyOf);
        this.defaultAgent = defaultAgent;
    }

    static Visibility of(Set<String> agents, Set<Account> accounts, Optional<String> defaultAgent) {
        return new Visibility(Optional.of(agents), Optional.of(accounts), defaultAgent);
    }

    /** Whether nothing is hidden, the hub's own affairs included. */
    public boolean isWhole() {
        return agents.isEmpty();
    }

    /** The agents that are seen; empty: all. */
    public Optional<Set<String>> agents() {
        return agents;
    }

    /** The accounts that are seen; empty: all. */
    public Optional<Set<Account>> accounts() {
        return accounts;
    }

    /** Who is asked when nobody is named; empty also for those who see all: the hub's default agent is. */
    public Optional<String> defaultAgent() {
        return defaultAgent;
    }

    public boolean agent(String agentId) {
        return agents.isEmpty() || agents.get().contains(agentId);
    }

    public boolean account(String channel, String accountId) {
        return accounts.isEmpty() || accounts.get().contains(new Account(channel, accountId));
    }

    /** A session is its agent's: {@code agent:ID:…}. */
    public boolean session(String sessionKey) {
        String[] parts = sessionKey.split(":", 3);
        return isWhole() || (parts.length == 3 && parts[0].equals("agent") && agent(parts[1]));
    }

    /**
     * An event is its session's owner's, its agent's, or its account's, whichever it names first; one that names nothing is the
     * hub's.
     */
    public boolean event(@Nullable String sessionKey, Map<String, String> fields) {
        if (isWhole()) {
            return true;
        }
        if (sessionKey != null) {
            return session(sessionKey);
        }
        String agent = fields.get("agent_id");
        if (agent != null) {
            return agent(agent);
        }
        String channel = fields.get("channel");
        return channel != null && account(channel, fields.getOrDefault("account_id", "default"));
    }
}
