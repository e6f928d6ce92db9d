package dev.patchbay.hub.agent.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A child process that does what the turn's text tells it, good and bad: {@code WORD} or {@code WORD ARGUMENT}. Started with
 * {@code deaf}, it does not end by SIGTERM or by the end of its input. Sees nothing of the hub.
 */
public final class TroubledProgram {
    /** Before the path of a file that it makes once it has started. */
    static final String READY = "ready=";

    private static final Pattern MESSAGE_ID = Pattern.compile("\"message_id\":\"([^\"]*)\"");
    private static final Pattern TEXT = Pattern.compile("\"text\":\"((?:[^\"\\\\]++|\\\\.)*+)\"");
    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    private TroubledProgram() {}

    /** Answers until its input ends. */
    public static void main(String[] arguments) throws Exception {
        boolean isDeaf = List.of(arguments).contains("deaf");
        if (isDeaf) {
            Runtime.getRuntime().addShutdownHook(new Thread(TroubledProgram::hang));
        }
        for (String argument : arguments) {
            if (argument.startsWith(READY)) {
                Files.writeString(Path.of(argument.substring(READY.length())), "");
            }
        }
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String text = group(TEXT, line);
            int space = text.indexOf(' ');
            obey(
                    group(MESSAGE_ID, line),
                    space < 0 ? text : text.substring(0, space),
                    space < 0 ? "" : text.substring(space + 1),
                    line);
        }
        if (isDeaf) {
            hang();
        }
    }

    private static void obey(String id, String word, String argument, String line) throws Exception {
        switch (word) {
            case "say" -> end(id, "\"text\":\"" + argument + "\"");
            case "stream" -> {
                say(id, "\"delta\":\"one \"");
                say(id, "\"delta\":\"two\"");
                end(id, "\"usage\":{\"input_tokens\":3,\"output_tokens\":2}");
            }
            case "messages" -> end(id, "\"messages\":[{\"text\":\"one\"},{\"text\":\"two\"}]");
            case "silent" -> end(id, "\"silent\":true");
            case "report" -> end(id, "\"error\":\"" + argument + "\"");
            case "line" -> end(id, "\"text\":\"" + line.length() + "\"");
            case "environment" ->
                end(id, "\"text\":\"" + new TreeSet<>(System.getenv().keySet()) + "\"");
            case "variable" -> end(id, "\"text\":\"" + System.getenv(argument) + "\"");
            case "folder" -> end(id, "\"text\":\"" + Path.of("").toAbsolutePath() + "\"");
            case "beat" -> {
                for (int i = 0; i < 6; i++) {
                    raw("{\"heartbeat\":true}\n");
                    pause(500);
                }
                end(id, "\"text\":\"still here\"");
            }
            case "late" -> {
                end(id, "\"text\":\"done\"");
                say(id, "\"delta\":\"one more thing\"");
                raw("not even JSON\n");
            }
            case "die" -> System.exit(Integer.parseInt(argument));
            case "die-once" -> {
                Path mark = Path.of(argument);
                if (Files.notExists(mark)) {
                    Files.createFile(mark);
                    System.exit(3);
                }
                end(id, "\"text\":\"alive\"");
            }
            case "begin-and-die" -> {
                say(id, "\"delta\":\"I think that \"");
                System.exit(3);
            }
            case "garbage" -> raw("Loading model…\n");
            case "no-utf8" -> {
                System.out.write(new byte[] {'{', '"', (byte) 0xff, '"', '}', '\n'});
                System.out.flush();
            }
            case "deep" -> raw("{\"a\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}\n");
            case "long-line" -> {
                String much = "x".repeat(1 << 20);
                for (int i = 0; i < 12; i++) {
                    raw(much);
                }
                hang();
            }
            case "half-line" -> {
                raw("{\"message_id\":\"" + id + "\",\"te");
                hang();
            }
            case "other-id" -> say("m-999", "\"text\":\"for whom?\",\"done\":true");
            case "no-id" -> raw("{\"text\":\"hello\",\"done\":true}\n");
            case "not-done" -> say(id, "\"text\":\"hello\"");
            case "number" -> say(id, "\"delta\":17");
            case "two-forms" -> end(id, "\"text\":\"a\",\"silent\":true");
            case "hang" -> hang();
            case "spin" -> {
                while (true) {
                    Thread.onSpinWait();
                }
            }
            case "eat" -> eat();
            case "close-out" -> {
                System.out.close();
                hang();
            }
            case "flood-err" -> {
                byte[] lines = "ERROR everything is on fire\n".repeat(1_000).getBytes(StandardCharsets.UTF_8);
                for (long sent = 0; sent < Long.parseLong(argument) << 20; sent += lines.length) {
                    System.err.write(lines);
                }
                System.err.flush();
                end(id, "\"text\":\"enough\"");
            }
            case "flood-out" -> {
                end(id, "\"text\":\"and now\"");
                while (true) {
                    raw("{\"message_id\":\"" + id + "\",\"delta\":\"still talking\"}\n");
                }
            }
            case "fork" -> {
                Process grandchild = new ProcessBuilder("sleep", "600")
                        .redirectInput(ProcessBuilder.Redirect.PIPE)
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                end(id, "\"text\":\"" + grandchild.pid() + "\"");
            }
            default -> end(id, "\"text\":\"no such word\"");
        }
    }

    private static void eat() {
        var eaten = new ArrayList<byte[]>();
        while (eaten.size() < 40) {
            byte[] bite = new byte[10 << 20];
            for (int i = 0; i < bite.length; i += 1024) {
                bite[i] = 1;
            }
            eaten.add(bite);
            pause(20);
        }
        hang();
    }

    private static void say(String id, String members) {
        raw("{\"message_id\":\"" + id + "\"," + members + "}\n");
    }

    private static void end(String id, String members) {
        say(id, members + ",\"done\":true");
    }

    private static void raw(String text) {
        OUT.print(text);
        OUT.flush();
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(long millis) {
        try {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static String group(Pattern pattern, String line) throws IOException {
        // The turn's own text stands before the history, and no name in front of it ends in "text".
        Matcher matcher = pattern.matcher(line);
        if (!matcher.find()) {
            throw new IOException("no turn");
        }
        return matcher.group(1);
    }
}
