package dev.patchbay.hub.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.tenant.Tenants.Account;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who owns what, and who sees it. */
class TenantsTest {
    private final Tenants divided = new Tenants(
            Map.of("main", "default", "ada", "acme", "one", "pair", "two", "pair"),
            Map.of(new Account("webhook", "acme"), "acme", new Account("webhook", "default"), "default"),
            "main");

    @Test
    void aHubWithOneTenantHidesNothingFromTokensWithoutATenant() {
        // Given
        var undivided = new Tenants(Map.of("main", "default"), Map.of(), "main");

        // When
        Visibility usual = undivided.seenBy("default");
        Visibility stranger = undivided.seenBy("acme");

        // Then
        assertThat(usual.isWhole()).isTrue();
        assertThat(stranger.isWhole()).isFalse();
        assertThat(stranger.agent("main")).isFalse();
    }

    @Test
    void aDividedHubIsSeenWholeOnlyByThoseWhoSeeAll() {
        assertThat(divided.seenBy("*").isWhole()).isTrue();
        assertThat(divided.seenBy("default").isWhole()).isFalse();
        assertThat(divided.seenBy("acme").isWhole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "agent:ada:main,true",
        "agent:ada:webhook:direct:x%3Ay:thread:9,true",
        "agent:main:main,false",
        "agent:gone:main,false",
        "agent:ada,false",
        "ada:ada:main,false",
        "'',false"
    })
    void aSessionIsItsAgents(String key, boolean seen) {
        assertThat(divided.seenBy("acme").session(key)).isEqualTo(seen);
    }

    @Test
    void anEventIsTheOwnersOfWhatItNamesAndElseTheHubs() {
        // Given
        Visibility acme = divided.seenBy("acme");

        // When, then
        assertThat(acme.event("agent:ada:main", Map.of("channel", "webhook"))).isTrue();
        assertThat(acme.event("agent:main:main", Map.of("channel", "webhook", "account_id", "acme")))
                .isFalse();
        assertThat(acme.event(null, Map.of("agent_id", "ada"))).isTrue();
        assertThat(acme.event(null, Map.of("agent_id", "main"))).isFalse();
        assertThat(acme.event(null, Map.of("channel", "webhook", "account_id", "acme")))
                .isTrue();
        assertThat(acme.event(null, Map.of("channel", "webhook"))).isFalse();
        assertThat(acme.event(null, Map.of("what", "disk"))).isFalse();
        assertThat(divided.seenBy("*").event(null, Map.of("what", "disk"))).isTrue();
    }

    @Test
    void theDefaultAgentIsTheHubsForItsOwnTenantElseTheTenantsOnlyOne() {
        assertThat(divided.defaultAgent("default")).contains("main");
        assertThat(divided.defaultAgent("acme")).contains("ada");
        assertThat(divided.defaultAgent("pair")).isEmpty();
        assertThat(divided.defaultAgent("nobody")).isEmpty();
        assertThat(divided.defaultAgent("webhook", "acme")).contains("ada");
        assertThat(divided.defaultAgent("webhook", "elsewhere")).contains("main");
    }

    @Test
    void anAccountMeetsItsOwnTenantsAgents() {
        assertThat(divided.mayMeet("webhook", "acme", "ada")).isTrue();
        assertThat(divided.mayMeet("webhook", "acme", "main")).isFalse();
        assertThat(divided.mayMeet("matrix", "default", "ada")).isTrue();
        assertThat(divided.strangers("webhook", "ada")).containsExactly("default");
    }
}
