package dev.patchbay.e2e;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A child process that eats, spins, dies or goes silent when the turn's text says so, works until there is a file {@code enough} in
 * its folder, and says everything else again.
 */
public final class TroubleProgram {
    private static final Pattern MESSAGE_ID = Pattern.compile("\"message_id\":\"([^\"]*)\"");
    private static final Pattern TEXT = Pattern.compile("\"text\":\"([^\"]*)\"");

    private TroubleProgram() {}

    /** For the list {@code command} of an agent, in YAML. */
    static String command() {
        return "[\"%s\", \"-XX:TieredStopAtLevel=1\", \"-XX:+UseSerialGC\", \"-Xmx1g\", \"-cp\", \"%s\", %s]"
                .formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        Path.of(TroubleProgram.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath()),
                        TroubleProgram.class.getName());
    }

    /** Answers until its input ends. */
    public static void main(String[] arguments) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String text = first(TEXT, line);
            switch (text) {
                case "die" -> System.exit(1);
                case "mute" -> pause(Long.MAX_VALUE);
                case "spin" -> {
                    while (true) {
                        Thread.onSpinWait();
                    }
                }
                case "eat" -> eat();
                case "work" -> {
                    while (Files.notExists(Path.of("enough"))) {
                        out.println("{\"heartbeat\":true}");
                        pause(50);
                    }
                }
                default -> {}
            }
            out.println("{\"message_id\":\"" + first(MESSAGE_ID, line) + "\",\"text\":\"" + text + "\",\"done\":true}");
        }
    }

    private static void eat() throws InterruptedException {
        List<byte[]> eaten = new ArrayList<>();
        while (eaten.size() < 60) {
            byte[] bite = new byte[10 << 20];
            for (int i = 0; i < bite.length; i += 1024) {
                bite[i] = 1;
            }
            eaten.add(bite);
        }
        pause(Long.MAX_VALUE);
    }

    private static void pause(long millis) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }

    private static String first(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? matcher.group(1) : "";
    }
}
