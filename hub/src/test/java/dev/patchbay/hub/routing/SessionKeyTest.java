package dev.patchbay.hub.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.patchbay.api.Peer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("it changes the locale of the process")
class SessionKeyTest {
    private static final long SEED = 20260301;
    private static final List<Peer.Kind> KINDS = List.of(Peer.Kind.values());

    @ParameterizedTest
    @CsvSource({
        "MAIN, direct, 7, agent:a:main",
        "PER_PEER, direct, 7, agent:a:direct:7",
        "PER_CHANNEL_PEER, direct, 7, agent:a:telegram:direct:7",
        "PER_ACCOUNT_CHANNEL_PEER, direct, 7, agent:a:telegram:default:direct:7",
        "MAIN, group, -100123, agent:a:telegram:default:group:-100123",
        "PER_CHANNEL_PEER, channel, 200, agent:a:telegram:default:channel:200"
    })
    void theScopeDecidesHowFarADirectSessionReachesAndAThreadIsAdded(
            DmScope scope, String kind, String id, String expected) {
        var peer = new Peer(Peer.Kind.of(kind), id);

        assertThat(SessionKey.of("a", scope, " Telegram ", null, peer, null)).hasToString(expected);
        assertThat(SessionKey.of("a", scope, "TELEGRAM", " ", peer, " T ")).hasToString(expected + ":thread:T");
    }

    @Test
    void colonsPercentSignsAndControlCharactersAreEncodedAndAllElseStays() {
        Map.ofEntries(
                        Map.entry("a:b", "a%3Ab"),
                        Map.entry("50%", "50%25"),
                        Map.entry("%3A", "%253A"),
                        Map.entry("a\u0000b", "a%00b"),
                        Map.entry("a\nb", "a%0Ab"),
                        Map.entry("a\u007fb", "a%7Fb"),
                        Map.entry("a\u0085b", "a%C2%85b"),
                        Map.entry("a\u009fb", "a%C2%9Fb"),
                        Map.entry("a\u00a0b", "a\u00a0b"),
                        Map.entry("\u200bx\ufeff", "\u200bx\ufeff"),
                        Map.entry("\ud83e\udd8a", "\ud83e\udd8a"),
                        Map.entry("CAF\u00c9", "CAF\u00c9"),
                        Map.entry("a\u2028b", "a\u2028b"))
                .forEach((id, written) -> {
                    SessionKey key = SessionKey.direct("a", DmScope.PER_PEER, "", null, id, null);

                    assertThat(key).hasToString("agent:a:direct:" + written);
                    assertThat(SessionKey.parse(key.toString()).peer()).isEqualTo(Peer.direct(id));
                });
    }

    @Test
    void blanksAroundIdsAreCutWhateverUnicodeCallsWhiteSpace() {
        String blanks =
                "\t\n\u000b\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
                        + "\u2028\u2029\u202f\u205f\u3000";

        assertThat(SessionKey.direct("a", DmScope.PER_PEER, "", null, blanks + "7" + blanks, blanks))
                .hasToString("agent:a:direct:7");
        assertThat(Blanks.isBlank(blanks)).isTrue();
        for (String kept : List.of("\u001c", "\u001f", "\u180e", "\u200b", "\u2060", "\ufeff")) {
            assertThat(Blanks.cut(kept)).isEqualTo(kept);
        }
    }

    @Test
    void namesAreLowerCasedTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));

            assertThat(SessionKey.direct("a", DmScope.PER_ACCOUNT_CHANNEL_PEER, "IRC", "ID", "I", null))
                    .hasToString("agent:a:irc:id:direct:I");
            assertThat(AgentIds.ofForeign("INDIA")).isEqualTo("india");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\u00a0", "\u3000\u0085"})
    void aBlankPeerIsAnErrorAndNeverASharedSession(String blank) {
        for (DmScope scope : List.of(DmScope.PER_PEER, DmScope.PER_CHANNEL_PEER, DmScope.PER_ACCOUNT_CHANNEL_PEER)) {
            assertThatExceptionOfType(NotRoutable.class)
                    .isThrownBy(() -> SessionKey.direct("a", scope, "telegram", null, blank, null))
                    .withMessage("the peer id is missing");
        }
    }

    @Test
    void halfASurrogatePairIsRefusedBecauseStoredAsUtf8AllOfThemWouldBeOne() {
        assertThatExceptionOfType(NotRoutable.class)
                .isThrownBy(() -> SessionKey.direct("a", DmScope.PER_PEER, "", null, "x\ud83e", null))
                .withMessageContaining("half a surrogate pair");
        assertThatIllegalArgumentException().isThrownBy(() -> SessionKey.parse("agent:a:direct:\udd8a"));
    }

    @Test
    void aKeyThatWouldBeTooLongIsRefused() {
        String fits = "x".repeat(SessionKey.LENGTH_MAX - "agent:a:direct:".length());

        assertThat(SessionKey.direct("a", DmScope.PER_PEER, "", null, fits, null)
                        .toString())
                .hasSize(SessionKey.LENGTH_MAX);
        assertThatExceptionOfType(NotRoutable.class)
                .isThrownBy(() -> SessionKey.direct("a", DmScope.PER_PEER, "", null, fits + "x", null))
                .withMessageContaining("at most 1024 characters");
        assertThatIllegalArgumentException().isThrownBy(() -> SessionKey.parse("agent:a:direct:" + fits + "x"));
    }

    @Test
    void aParsedKeyTellsItsParts() {
        SessionKey key = SessionKey.parse("agent:a:telegram:bot-1:group:-100:thread:7%3A1");

        assertThat(key.agentId()).isEqualTo("a");
        assertThat(key.channel()).isEqualTo("telegram");
        assertThat(key.accountId()).isEqualTo("bot-1");
        assertThat(key.peer()).isEqualTo(new Peer(Peer.Kind.GROUP, "-100"));
        assertThat(key.threadId()).isEqualTo("7:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agent:a:main",
                "agent:a:main:thread:T",
                "agent:a:direct:7",
                "agent:a:direct:7:thread:T",
                "agent:a:direct:thread",
                "agent:a:telegram:direct:7",
                "agent:a:telegram:direct:7:thread:T",
                "agent:a:thread:direct:thread:thread:thread",
                "agent:a:main:direct:main",
                "agent:a:direct:direct:direct",
                "agent:a:direct:direct:direct:direct",
                "agent:a:telegram:default:direct:7",
                "agent:a:telegram:default:channel:7:thread:T",
                "agent:a:openai:direct:user-1",
                "agent:a:heartbeat",
                "agent:a:task:01HX",
                "agent:a:schedule:morning",
                "agent:a:schedule:9%3A00"
            })
    void whatWeWriteIsReadAgain(String text) {
        assertThat(SessionKey.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "default",
                "AGENT:a:main",
                "agent:A:main",
                "agent::main",
                "agent:a",
                "agent:a:",
                "agent:a:Main",
                "agent:a:main:",
                "agent:a:direct:",
                "agent:a:direct: 7",
                "agent:a:direct:%37",
                "agent:a:direct:a%3ab",
                "agent:a:direct:50%",
                "agent:a:direct:%4",
                "agent:a:direct:%GG",
                "agent:a:direct:%C2",
                "agent:a:direct:%C2%41",
                "agent:a:direct:%C3%A9",
                "agent:a:direct:a\nb",
                "agent:a:Telegram:direct:7",
                "agent:a:telegram:group:7",
                "agent:a:telegram::direct:7",
                "agent:a:telegram: :direct:7",
                "agent:a:telegram:default:dm:7",
                "agent:a:telegram:default:person:7",
                "agent:a:telegram:default:group:7:thread:",
                "agent:a:telegram:default:group:7:topic:9",
                "agent:a:task:",
                "agent:a:heartbeat:x",
                "agent:../x:main",
                "agent:a:x:y:z:direct:7"
            })
    void whatWeWouldNotWriteIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SessionKey.parse(text));
    }

    @Test
    void twoDifferentPeersNeverShareAKeyAndEveryKeyIsReadAgain() {
        // Given
        var random = new Random(SEED);
        List<String> pieces =
                List.of(":", "%", "direct", "thread", "main", "a", "%3a", "\u0085", "\n", "default", "\ud83e\udd8a");
        Map<SessionKey, List<Object>> partsByKey = new HashMap<>();

        for (int i = 0; i < 20_000; i++) {
            String channel = text(random, pieces);
            String account = text(random, pieces);
            var peer = new Peer(KINDS.get(random.nextInt(3)), text(random, pieces));
            String thread = random.nextBoolean() ? text(random, pieces) : null;

            // When
            SessionKey key = SessionKey.of("a", DmScope.PER_ACCOUNT_CHANNEL_PEER, channel, account, peer, thread);

            // Then
            List<Object> parts = List.of(channel, account, peer, thread == null ? "" : thread);
            assertThat(partsByKey.merge(key, parts, (first, _) -> first))
                    .as("seed %d: %s", SEED, key)
                    .isEqualTo(parts);
            SessionKey parsed = SessionKey.parse(key.toString());
            assertThat(parsed.peer()).isEqualTo(peer);
            assertThat(parsed.channel()).isEqualTo(channel);
            assertThat(parsed.accountId()).isEqualTo(account);
            assertThat(parsed.threadId()).isEqualTo(thread);
        }
    }

    private static String text(Random random, List<String> pieces) {
        var text = new StringBuilder("x");
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.append('x').toString();
    }

    @Test
    void otherHubsColonsStayInTheId() {
        assertThat(ForeignSessionKeys.read("agent:Main:direct:a:b", "main")).hasToString("agent:main:direct:a%3Ab");
        assertThat(ForeignSessionKeys.read("agent:main:direct:thread:7", "main"))
                .hasToString("agent:main:direct:thread%3A7");
        assertThat(ForeignSessionKeys.read("agent:main:main:thread:7", "main")).hasToString("agent:main:main:thread:7");
        assertThat(ForeignSessionKeys.read("agent:main:cron:job", "main")).hasToString("agent:main:schedule:job");
        assertThat(ForeignSessionKeys.read("agent:main:heartbeat", "main")).hasToString("agent:main:heartbeat");
        assertThat(ForeignSessionKeys.read("agent:main:task:7", "main")).hasToString("agent:main:task:7");
        assertThatIllegalArgumentException().isThrownBy(() -> ForeignSessionKeys.read("agent:main:else", "main"));
    }

    @Test
    void theAgentsOwnSessionsHaveTheirOwnForms() {
        assertThat(SessionKey.main("a")).hasToString("agent:a:main");
        assertThat(SessionKey.heartbeat("a")).hasToString("agent:a:heartbeat");
        assertThat(SessionKey.task("a", "01:X")).hasToString("agent:a:task:01%3AX");
        assertThat(SessionKey.schedule("a", " morning ")).hasToString("agent:a:schedule:morning");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionKey.main("Luna Two"))
                .withMessageContaining("agent id \"Luna Two\" is not allowed");
    }
}
