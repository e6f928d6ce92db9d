package dev.patchbay.hub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.patchbay.api.Peer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Keys: reading and writing are inverse, and what is no key is refused in words. */
@ResourceLock("jazzer")
class SessionKeyFuzzTest {

    @FuzzTest(maxDuration = "10m")
    void whatIsReadIsWrittenTheSame(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            assertThat(SessionKey.parse(text).toString()).isEqualTo(text);
        } catch (IllegalArgumentException noKey) {
            assertThat(noKey).hasMessageContaining("session key");
        }
    }

    @FuzzTest(maxDuration = "10m")
    void whoeverWritesIsFoundAgainInTheKey(byte[] bytes) {
        String id = new String(bytes, StandardCharsets.UTF_8);
        SessionKey key;
        try {
            key = SessionKey.of(
                    "main", DmScope.PER_CHANNEL_PEER, "telegram", "default", new Peer(Peer.Kind.GROUP, id), null);
        } catch (IllegalArgumentException blankOrTooLong) {
            return;
        }
        SessionKey again = SessionKey.parse(key.toString());
        assertThat(again).isEqualTo(key);
        assertThat(again.peer()).isEqualTo(new Peer(Peer.Kind.GROUP, Blanks.cut(id)));
    }

    @FuzzTest(maxDuration = "10m")
    void aForeignKeyBecomesOneOfOursOrIsRefused(byte[] bytes) {
        SessionKey key;
        try {
            key = ForeignSessionKeys.read(new String(bytes, StandardCharsets.UTF_8), "main");
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        assertThat(SessionKey.parse(key.toString())).isEqualTo(key);
    }
}
