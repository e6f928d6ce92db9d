package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Peer;
import dev.patchbay.api.TextLimit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutboundBodyTest {
    private static final Attachment CAT = new Attachment("attachment:" + "a".repeat(64), "image/png", "cat.png");

    @Test
    void whatTheChannelCannotCarryStandsBelowTheText() {
        OutboundBody body = OutboundBody.of(message("Look"), traits(Capability.SEND), file -> "[" + file.name() + "]");

        assertThat(body.text()).isEqualTo("Look\n[cat.png]\n[Yes] /yes\n[no]");
        assertThat(body.attachments()).isEmpty();
        assertThat(body.buttons()).isEmpty();
    }

    @Test
    void whatItCanCarryStaysWhatItIsAlsoAfterARestart() throws Exception {
        OutboundBody body = OutboundBody.of(
                message(""),
                traits(Capability.SEND, Capability.ATTACHMENTS, Capability.BUTTONS),
                file -> "not asked for");

        OutboundBody again = OutboundBody.fromJson(body.toJson());

        assertThat(again).isEqualTo(body);
        assertThat(again.attachments()).containsExactly(CAT);
        assertThat(again.buttons()).containsExactly(new Button("Yes", "/yes"), new Button("no", "no"));
        assertThat(again.parts()).containsExactly("");
    }

    private static Outbound message(String text) {
        return new Outbound(
                "irc",
                "default",
                Peer.direct("anna"),
                null,
                text,
                List.of(CAT),
                List.of(new Button("Yes", "/yes"), new Button("no", "no")),
                null,
                null,
                false,
                Optional.empty(),
                null,
                null);
    }

    private static Outlets.Traits traits(Capability... can) {
        return new Outlets.Traits(Set.of(can), TextLimit.NONE);
    }
}
