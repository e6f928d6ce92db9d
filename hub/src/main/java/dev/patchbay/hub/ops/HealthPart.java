package dev.patchbay.hub.ops;

import java.util.Map;

/**
 * What one part of the hub says of itself.
 *
 * @param detail why it is not ok, without secrets; empty if it is
 * @param facts figures in wire names: text, numbers, flags, lists and maps of these
 */
public record HealthPart(HealthStatus status, String detail, Map<String, Object> facts) {
    public HealthPart {
        facts = Map.copyOf(facts);
    }

    public static HealthPart ok(Map<String, Object> facts) {
        return new HealthPart(HealthStatus.OK, "", facts);
    }
}
