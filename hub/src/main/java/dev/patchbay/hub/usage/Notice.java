package dev.patchbay.hub.usage;

import dev.patchbay.hub.store.StoredNote;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Something that the operator is told once in each span of a budget.
 *
 * @param mark tells the spans, and limits that were changed, apart
 */
record Notice(
        String agentId,
        Budget budget,
        Kind kind,
        Amount spent,
        Amount limit,
        String currency,
        Instant resetsAt,
        String mark) {

    enum Kind {
        WARNING,
        SPENT
    }

    static String scope(String agentId) {
        return "budget/" + agentId;
    }

    String name() {
        return budget.word() + " " + kind.name().toLowerCase(Locale.ROOT);
    }

    StoredNote note() {
        return new StoredNote(scope(agentId), name(), mark);
    }

    String eventType() {
        return "budget." + kind.name().toLowerCase(Locale.ROOT);
    }

    Map<String, String> fields() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("agent_id", agentId);
        fields.put("budget", budget.word());
        fields.put("spent", spent.toString());
        fields.put("limit", limit.toString());
        fields.put("currency", currency);
        fields.put("resets_at", resetsAt.toString());
        return fields;
    }

    /** For the log. */
    @Override
    public String toString() {
        String money = "agent " + agentId + ": " + spent + " of the " + budget.word() + " budget of " + limit + " "
                + currency + " are spent";
        return kind == Kind.SPENT ? money + "; it does not answer until " + resetsAt : money;
    }
}
