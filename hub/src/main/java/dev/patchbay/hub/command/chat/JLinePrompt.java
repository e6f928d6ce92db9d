package dev.patchbay.hub.command.chat;

import dev.patchbay.hub.command.screen.Colour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A terminal with line editing, a history that outlives the chat, and pastes of several lines. */
final class JLinePrompt implements Prompt {
    private static final int HISTORY_LINES = 1_000;

    private final Terminal terminal;
    private final LineReader reader;
    private final boolean isColoured;

    /**
     * Takes over the terminal.
     *
     * @param history made if it does not exist; what was typed is nobody else's business, so its rights are
     */
    JLinePrompt(Path history, boolean isColoured) throws IOException {
        this.isColoured = isColoured;
        terminal = TerminalBuilder.builder().system(true).dumb(true).build();
        // What is typed is text: quotes and backslashes mean themselves.
        var parser = new DefaultParser().quoteChars(new char[0]).escapeChars(new char[0]);
        var builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("patchbay")
                .parser(parser)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.INSERT_TAB, true)
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES);
        if (isPrivate(history)) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        reader = builder.build();
    }

    @Override
    public Optional<String> readLine() {
        try {
            return Optional.of(reader.readLine(painted(Colour.CYAN, "> ")));
        } catch (UserInterruptException dropped) {
            return Optional.of("");
        } catch (EndOfFileException end) {
            return Optional.empty();
        }
    }

    @Override
    public void show(Colour colour, String lines) {
        reader.printAbove(painted(colour, lines));
    }

    @Override
    public void write(Colour colour, String piece) {
        terminal.writer().write(painted(colour, piece));
        terminal.flush();
    }

    @Override
    public void onInterrupt(Runnable action) {
        var unused = terminal.handle(Terminal.Signal.INT, signal -> action.run());
    }

    @Override
    public void close() {
        try {
            reader.getHistory().save();
            terminal.close();
        } catch (IOException lost) {
            // The chat is over; a history that cannot be written is no reason to complain.
        }
    }

    private String painted(Colour colour, String text) {
        return isColoured ? colour.paint(text) : text;
    }

    private static boolean isPrivate(Path history) {
        try {
            if (!Files.exists(history)) {
                Files.createDirectories(history.getParent());
                Files.createFile(
                        history, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            return Files.isWritable(history);
        } catch (IOException | UnsupportedOperationException impossible) {
            return false;
        }
    }
}
