package dev.patchbay.hub.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.NotAccepted.Reason;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboundCheckTest {
    private static final Peer ANNA = Peer.direct("anna");

    @Test
    void whatIsJustWithinTheBoundsIsTaken() {
        InboundMessage message = InboundMessage.from(ANNA, "ü".repeat(InboundCheck.TEXT_MAX_BYTES / 2))
                .remoteId("x".repeat(InboundCheck.ID_MAX_CHARS))
                .roles(Collections.nCopies(InboundCheck.ROLES_MAX, "r"))
                .attach(Collections.nCopies(
                        InboundCheck.ATTACHMENTS_MAX, new Attachment("https://example.org/a", null, null)))
                .build();

        assertThatCode(() -> InboundCheck.check(message)).doesNotThrowAnyException();
    }

    @Test
    void aMessageWithoutTextNeedsAnAttachment() {
        assertThat(refusal(InboundMessage.from(ANNA, " "))).isEqualTo(Reason.INVALID);
        assertThatCode(() -> InboundCheck.check(InboundMessage.from(ANNA, "")
                        .attach(List.of(new Attachment("https://example.org/a", null, null)))
                        .build()))
                .doesNotThrowAnyException();
    }

    @Test
    void whatIsBeyondABoundIsTooLarge() {
        String longId = "x".repeat(InboundCheck.ID_MAX_CHARS + 1);

        assertThat(refusal(InboundMessage.from(ANNA, "ü".repeat(InboundCheck.TEXT_MAX_BYTES / 2 + 1))))
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(refusal(hello().roles(Collections.nCopies(InboundCheck.ROLES_MAX + 1, "r"))))
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(refusal(hello().roles(List.of(longId)))).isEqualTo(Reason.TOO_LARGE);
        assertThat(refusal(InboundMessage.from(Peer.direct(longId), "hello"))).isEqualTo(Reason.TOO_LARGE);
        assertThat(refusal(hello().remoteId(longId))).isEqualTo(Reason.TOO_LARGE);
        assertThat(refusal(hello().threadId(longId))).isEqualTo(Reason.TOO_LARGE);
        assertThat(refusal(hello().sender(new Sender("1", longId)))).isEqualTo(Reason.TOO_LARGE);
        assertThat(refusal(hello().attach(Collections.nCopies(101, new Attachment("https://e.org", null, null)))))
                .isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aWaitHasBounds() {
        assertThatCode(() -> InboundCheck.wait(Duration.ofMinutes(10))).doesNotThrowAnyException();
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofMinutes(11))) {
            assertThat(catchThrowableOfType(NotAccepted.class, () -> InboundCheck.wait(wrong)).reason())
                    .isEqualTo(Reason.INVALID);
        }
    }

    private static InboundMessage.Builder hello() {
        return InboundMessage.from(ANNA, "hello");
    }

    private static Reason refusal(InboundMessage.Builder message) {
        return catchThrowableOfType(NotAccepted.class, () -> InboundCheck.check(message.build()))
                .reason();
    }
}
