package dev.patchbay.hub.ops;

import dev.patchbay.hub.recall.LineSearch;
import java.util.Map;

/** Whether what was said can be found again. Messages do not need it. */
public final class RecallHealth implements HealthSource {
    private final LineSearch lines;

    public RecallHealth(LineSearch lines) {
        this.lines = lines;
    }

    @Override
    public String name() {
        return "recall";
    }

    @Override
    public HealthPart check() {
        LineSearch.Standing standing = lines.standing();
        Map<String, Object> facts = Map.of("lines", standing.lines(), "complete", standing.isLevel());
        return standing.trouble()
                .map(why -> new HealthPart(HealthStatus.DEGRADED, why, facts))
                .orElseGet(() -> HealthPart.ok(facts));
    }
}
