package dev.patchbay.hub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.access.AccessRules.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRulesTest {

    @ParameterizedTest
    @CsvSource({
        "'', '', PAIRED_ONLY",
        "pairing, '', PAIRED_ONLY",
        "pairing, 42, ADMITTED",
        "allowlist, 42, ADMITTED",
        "allowlist, '41, 42', ADMITTED",
        "allowlist, 4, TURNED_AWAY",
        "allowlist, '', TURNED_AWAY",
        "allowlist, *, ADMITTED",
        "open, '', ADMITTED",
        "disabled, '', TURNED_AWAY",
        "disabled, 42, ADMITTED",
        "opne, '', TURNED_AWAY",
    })
    void aDirectChatIsJudgedByPolicyAndList(String policy, String allowFrom, Verdict verdict) {
        // Given
        AccessRules rules = rules(Map.of("dm-policy", policy, "allow-from", allowFrom));

        // When
        Verdict found =
                rules.verdict(InboundMessage.from(Peer.direct("42"), "hello").build());

        // Then
        assertThat(found).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "open, '', true, true",
        "open, '', false, false",
        "allowlist, -100, true, true",
        "allowlist, -100, false, false",
        "allowlist, 77, true, true",
        "allowlist, 9, true, true",
        "allowlist, *, true, true",
        "allowlist, 42, true, false",
        "allowlist, '', true, false",
        "disabled, -100, true, false",
        "closed, -100, true, false",
    })
    void aGroupIsJudgedByItsOwnItsParentsAndItsGuildsId(
            String policy, String allow, boolean addressed, boolean admitted) {
        // Given
        AccessRules rules = rules(Map.of("allow-from", "42", "groups", Map.of("policy", policy, "allow", allow)));

        // When
        Verdict found = rules.verdict(InboundMessage.from(new Peer(Peer.Kind.GROUP, "-100"), "hello")
                .parentPeer(new Peer(Peer.Kind.CHANNEL, "77"))
                .guild("9")
                .addressed(addressed)
                .build());

        // Then
        assertThat(found).isEqualTo(admitted ? Verdict.ADMITTED : Verdict.TURNED_AWAY);
    }

    @Test
    void withoutTheNeedToBeMentionedEverythingInAGroupCounts() {
        // Given
        AccessRules rules = rules(Map.of("groups", Map.of("require-mention", "false")));

        // When
        Verdict found = rules.verdict(InboundMessage.from(new Peer(Peer.Kind.CHANNEL, "7"), "hello")
                .addressed(false)
                .build());

        // Then
        assertThat(found).isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void idsInAListKeepTheirCaseAndLoseTheirBlanks() {
        assertThat(rules(Map.of("allow-from", List.of(" Anna ", "bert"))).allowFrom())
                .containsExactlyInAnyOrder("Anna", "bert");
    }

    @Test
    void whatHasNoEffectIsSaid() {
        assertThat(rules(Map.of("dm-policy", "allowlist", "groups", Map.of("policy", "allowlist")))
                        .futile())
                .extracting(each -> each.key())
                .containsExactly("dm-policy", "groups.policy");
        assertThat(rules(Map.of("groups", Map.of("allow", List.of("1")))).futile())
                .extracting(each -> each.key())
                .containsExactly("groups.allow");
        assertThat(rules(Map.of()).futile()).isEmpty();
    }

    private static AccessRules rules(Map<String, ?> settings) {
        return AccessRules.of("telegram", "default", Settings.of(settings));
    }
}
