package dev.patchbay.plugin.llm;

import dev.patchbay.api.ReplySink;
import java.util.function.Consumer;

/** What the agent has said in this turn, each piece shown at once. For the thread that runs the turn. */
final class Speech implements Consumer<String> {
    private final ReplySink sink;
    private final StringBuilder said = new StringBuilder();
    private boolean startsAnew = true;

    Speech(ReplySink sink) {
        this.sink = sink;
    }

    @Override
    public void accept(String piece) {
        // A line break that nothing follows would be an answer of its own to those who see it.
        String text = startsAnew ? piece.stripLeading() : piece;
        if (text.isEmpty()) {
            return;
        }
        // What was said before a tool was called, and what comes after it, are two paragraphs.
        String whole = startsAnew && !said.isEmpty() ? "\n\n" + text : text;
        startsAnew = false;
        said.append(whole);
        sink.delta(whole);
    }

    /** The next piece begins a paragraph. */
    void pause() {
        startsAnew = true;
    }

    /** How much was shown, in characters. */
    int length() {
        return said.length();
    }

    String text() {
        return said.toString();
    }
}
