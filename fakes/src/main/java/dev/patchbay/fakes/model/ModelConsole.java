package dev.patchbay.fakes.model;

import dev.patchbay.fakes.model.Answer.End;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The fake by hand: a model that does what the message to it begins with. Started by {@code scripts/fake-model}. */
public final class ModelConsole {
    private static final String HELP = """
        It repeats what it is told, word by word. A message that begins with one of these makes it misbehave:
          !429 !500 !503 …   that status (429 and 503 with Retry-After: 2)
          !cut               half an answer, then the end
          !reset             half an answer, then a reset
          !hang              half an answer, then nothing
          !garbage           half an answer, then something that is none
          !slow TEXT         a word per second
          !tool NAME {…}     has that tool called with these arguments, then says what came of it
        /quit or Ctrl-C ends it.
        """;

    private ModelConsole() {}

    /** {@code [--port P]}; without a port it takes 8082. */
    public static void main(String[] arguments) throws IOException {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            run(List.of(arguments), out);
        } catch (IllegalArgumentException | UncheckedIOException wrong) {
            out.println("fake-model: " + wrong.getMessage() + "; usage: fake-model [--port P]");
            System.exit(2);
        }
    }

    private static void run(List<String> arguments, PrintStream out) throws IOException {
        if (!arguments.isEmpty()
                && (arguments.size() != 2 || !arguments.getFirst().equals("--port"))) {
            throw new IllegalArgumentException("unknown or unfinished: " + arguments.getFirst());
        }
        int port = arguments.isEmpty() ? 8082 : Integer.parseInt(arguments.getLast());
        try (var model = FakeModel.start(port);
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            model.otherwise(ModelConsole::answer);
            model.watch(asked -> out.println(asked.model() + " < " + asked.lastUser()));
            out.println(
                    "A stand-in for a model's server listens on " + model.url() + ". Start the hub against it with");
            out.println();
            out.println("./patchbay run --set agents.main.type=llm --set agents.main.provider=openai"
                    + " --set agents.main.model=fake --set agents.main.base-url=" + model.url());
            out.println();
            out.println(HELP);
            String line = in.readLine();
            while (line != null && !line.strip().equals("/quit")) {
                line = in.readLine();
            }
        }
    }

    /** What it says to a message. */
    static Answer answer(Asked asked) {
        String result = asked.lastToolResult();
        if (!result.isEmpty()) {
            return Answer.text("The tool says: " + result).slowly(Duration.ofMillis(30));
        }
        String said = asked.lastUser();
        String[] words = said.split("\\s+", 3);
        Answer half = Answer.text("This is only half of").slowly(Duration.ofMillis(100));
        return switch (words[0]) {
            case "!cut" -> half.then(End.CUT);
            case "!reset" -> half.then(End.RESET);
            case "!hang" -> half.then(End.HANG);
            case "!garbage" -> half.then(End.GARBAGE);
            case "!slow" ->
                Answer.text(said.substring("!slow".length()).strip()).slowly(Duration.ofSeconds(1));
            case "!tool" -> Answer.call(words.length > 1 ? words[1] : "none", words.length > 2 ? words[2] : "{}");
            case "!429", "!503" -> Answer.status(Integer.parseInt(words[0].substring(1)), "2");
            default ->
                words[0].matches("![45]\\d\\d")
                        ? Answer.status(Integer.parseInt(words[0].substring(1)))
                        : Answer.text("You said: " + said).slowly(Duration.ofMillis(30));
        };
    }
}
