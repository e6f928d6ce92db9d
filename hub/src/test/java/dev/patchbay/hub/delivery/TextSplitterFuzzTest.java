package dev.patchbay.hub.delivery;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.patchbay.api.TextLimit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Any text, any limit: the parts fit, hold everything, and close their code fences. */
@ResourceLock("jazzer")
class TextSplitterFuzzTest {
    private static final List<TextLimit.Unit> UNITS = List.of(TextLimit.Unit.values());

    @FuzzTest(maxDuration = "10m")
    void thePartsHoldTheText(byte[] bytes) {
        if (bytes.length < 3) {
            return;
        }
        // Limits of real platforms are hundreds and more: a fence with its closing line must have room.
        int max = 64 + Byte.toUnsignedInt(bytes[0]);
        TextLimit.Unit unit = UNITS.get(Byte.toUnsignedInt(bytes[1]) % UNITS.size());
        var limit = new TextLimit(max, unit);
        String text = new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_8);
        PartsCheck.check("fuzz", text, limit, TextSplitter.split(text, limit));
    }
}
