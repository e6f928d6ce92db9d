package dev.patchbay.example.irc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One line of the protocol (RFC 1459 §2.3).
 *
 * @param sender the nick that it comes from, or the server's name; empty if it names none
 * @param command a word in upper case or three digits
 * @param parameters the last may hold blanks
 */
record IrcLine(String sender, String command, List<String> parameters) {

    /** Reads a line without its end. Whatever it holds, something comes of it; an empty command if nothing can. */
    static IrcLine parse(String line) {
        String rest = line;
        if (rest.startsWith("@")) {
            // Tags of newer servers, which nobody asked for.
            rest = after(rest, ' ');
        }
        String sender = "";
        if (rest.startsWith(":")) {
            String prefix = before(rest.substring(1), ' ');
            sender = before(prefix, '!');
            rest = after(rest, ' ');
        }
        var words = new ArrayList<String>();
        while (!rest.isBlank()) {
            rest = rest.stripLeading();
            if (rest.startsWith(":")) {
                words.add(rest.substring(1));
                break;
            }
            words.add(before(rest, ' '));
            rest = after(rest, ' ');
        }
        return words.isEmpty()
                ? new IrcLine(sender, "", List.of())
                : new IrcLine(
                        sender, words.getFirst().toUpperCase(Locale.ROOT), List.copyOf(words.subList(1, words.size())));
    }

    /** A parameter, empty if there are fewer. */
    String parameter(int index) {
        return index < parameters.size() ? parameters.get(index) : "";
    }

    String lastParameter() {
        return parameters.isEmpty() ? "" : parameters.getLast();
    }

    private static String before(String text, char mark) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String after(String text, char mark) {
        int at = text.indexOf(mark);
        return at < 0 ? "" : text.substring(at + 1);
    }
}
