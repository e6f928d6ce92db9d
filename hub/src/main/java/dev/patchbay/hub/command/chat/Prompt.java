package dev.patchbay.hub.command.chat;

import dev.patchbay.hub.command.screen.Colour;
import java.util.Optional;

/** Where somebody types and reads. All but {@link #readLine} may be called by any thread. */
interface Prompt extends AutoCloseable {

    /** Waits for a line; an abandoned one is empty text; no value at the end of input. */
    Optional<String> readLine();

    /** Shows whole lines without disturbing what is being typed. */
    void show(Colour colour, String lines);

    /** Shows a piece of a line; only while nobody is typing. */
    void write(Colour colour, String piece);

    /** From now on this is called when Ctrl-C is pressed while nobody is typing. */
    void onInterrupt(Runnable action);

    @Override
    void close();
}
