package dev.patchbay.hub.command.screen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;

/**
 * Where a command's words go: results to standard output, all else to standard error. Whole lines at a time; may be used by
 * several threads.
 */
public final class Screen {
    private static final JsonMapper JSON = new JsonMapper();

    private final PrintStream out;
    private final PrintStream err;
    private final boolean isOutColoured;
    private final boolean isErrColoured;

    public Screen(PrintStream out, PrintStream err, boolean isOutColoured, boolean isErrColoured) {
        this.out = out;
        this.err = err;
        this.isOutColoured = isOutColoured;
        this.isErrColoured = isErrColoured;
    }

    /** A line of the result; text from elsewhere must have been made harmless. */
    public void line(String line) {
        out.println(line);
        out.flush();
    }

    /** Lines of the result as they came from elsewhere, to the byte: for files and pipes. */
    public void raw(String text) {
        out.print(text);
        out.flush();
    }

    /** True once nobody takes the results any more. */
    public boolean isBroken() {
        return out.checkError();
    }

    /** The result for programs, on one line. */
    public void json(JsonNode result) {
        line(toJson(result));
    }

    public void table(Table table) {
        var lines = table.lines();
        line(paint(Colour.BOLD, lines.getFirst()));
        lines.stream().skip(1).forEach(this::line);
    }

    /** What a person may want to know, but no program. */
    public void note(String line) {
        err.println(line);
        err.flush();
    }

    /** What is wrong, and what to do. */
    public void error(String what, String cure) {
        String first = "patchbay: " + HarmlessText.line(what);
        note(isErrColoured ? Colour.RED.paint(first) : first);
        if (!cure.isEmpty()) {
            note("  " + HarmlessText.line(cure));
        }
    }

    /** Where it went wrong, for those who asked. */
    public void trace(Throwable thrown) {
        thrown.printStackTrace(err);
        err.flush();
    }

    public PrintStream errors() {
        return err;
    }

    /** In colour if the result goes to a terminal. */
    public String paint(Colour colour, String text) {
        return isOutColoured ? colour.paint(text) : text;
    }

    /** True if standard output is a terminal that wants colours. */
    public boolean isColoured() {
        return isOutColoured;
    }

    private static String toJson(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
