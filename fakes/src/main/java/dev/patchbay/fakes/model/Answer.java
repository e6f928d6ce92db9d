package dev.patchbay.fakes.model;

import dev.patchbay.fakes.http.Body;
import dev.patchbay.fakes.http.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One answer of the model, and how it goes wrong, if it does. Immutable; each method makes another one. */
public final class Answer {
    private final List<String> words;
    private final List<ToolCall> calls;
    private final Duration pause;
    private final End end;
    private final boolean withUsage;
    private final Optional<Response> instead;

    /** How it ends. */
    public enum End {
        WHOLE,
        /** The stream ends as if all were well, but the last event never came. */
        CUT,
        /** The connection is reset. */
        RESET,
        /** Nothing comes any more, and the connection stays. */
        HANG,
        /** Something that is neither an event nor JSON. */
        GARBAGE,
        /** Words for ever, until the other side hangs up. */
        FLOOD
    }

    private Answer(
            List<String> words,
            List<ToolCall> calls,
            Duration pause,
            End end,
            boolean withUsage,
            Optional<Response> instead) {
        this.words = List.copyOf(words);
        this.calls = List.copyOf(calls);
        this.pause = pause;
        this.end = end;
        this.withUsage = withUsage;
        this.instead = instead;
    }

    /** This text, word by word. */
    public static Answer text(String text) {
        var words = new ArrayList<String>();
        for (int from = 0; from < text.length(); ) {
            int space = text.indexOf(' ', from + 1);
            int to = space < 0 ? text.length() : space;
            words.add(text.substring(from, to));
            from = to;
        }
        return new Answer(words, List.of(), Duration.ZERO, End.WHOLE, true, Optional.empty());
    }

    /** A tool is to be called. */
    public static Answer call(String tool, String arguments) {
        return text("").calling(tool, arguments);
    }

    /** No answer but a status, with the error as OpenAI words it. */
    public static Answer status(int status) {
        String body = "{\"error\":{\"message\":\"status " + status + " on purpose\",\"type\":\"test\"}}";
        return instead(Response.json(status, body));
    }

    /** As {@link #status(int)}, with a Retry-After. */
    public static Answer status(int status, String retryAfter) {
        Answer plain = status(status);
        return instead(plain.instead.orElseThrow().with("Retry-After", retryAfter));
    }

    /** This answer of the server, whatever it is. */
    public static Answer instead(Response response) {
        return new Answer(List.of(), List.of(), Duration.ZERO, End.WHOLE, true, Optional.of(response));
    }

    public Answer calling(String tool, String arguments) {
        var more = new ArrayList<>(calls);
        more.add(new ToolCall(tool, arguments));
        return new Answer(words, more, pause, end, withUsage, instead);
    }

    /** So long before each word. */
    public Answer slowly(Duration each) {
        return new Answer(words, calls, each, end, withUsage, instead);
    }

    /** After its words it ends like this. */
    public Answer then(End how) {
        return new Answer(words, calls, pause, how, withUsage, instead);
    }

    /** Says nothing of tokens. */
    public Answer withoutUsage() {
        return new Answer(words, calls, pause, end, false, instead);
    }

    Response response(Asked asked) {
        if (instead.isPresent()) {
            return instead.get();
        }
        if (!asked.isStreamed()) {
            return Response.of(501, "text/plain", Body.of("this fake only streams"));
        }
        var speech = new ModelStream(asked.dialect(), asked.model(), pause);
        return asked.dialect().streamed((socket, in) -> {
            speech.say(socket, words);
            speech.end(
                    socket, in, end, asked.dialect().end(asked.model(), calls, withUsage, Math.max(1, words.size())));
        });
    }
}
