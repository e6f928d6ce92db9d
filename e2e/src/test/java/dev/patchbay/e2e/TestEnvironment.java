package dev.patchbay.e2e;

import java.util.Map;

/** What hubs under test get from the environment besides what the machine gives. */
final class TestEnvironment {
    private TestEnvironment() {}

    static Map<String, String> ofHubs() {
        return Map.of("NO_COLOR", "1", "PATCHBAY_JAVA_OPTS", System.getProperty("patchbay.hub-args", ""));
    }
}
