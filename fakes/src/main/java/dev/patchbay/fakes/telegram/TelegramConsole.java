package dev.patchbay.fakes.telegram;

import dev.patchbay.fakes.http.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The fake by hand: what is typed is what a person says to the bot, and what the bot sends is printed. Started by
 * {@code scripts/fake-telegram}.
 */
public final class TelegramConsole {
    private static final String HELP = """
        What you type is said to the bot in a direct chat; /start, /new and other commands of the bot's go there too. Beside that:
          /group TEXT    says it in a group (mention the bot with @patchbay_bot, or it may not listen)
          /topic TEXT    says it in a topic of a forum
          /photo FILE    sends a picture
          /press LABEL   presses a button of the bot's last message
          /fail N WHAT   the next N messages of the bot's go wrong: 429, 500, 502, reset (after it was taken), hang
          /quit
        """;

    private final FakeTelegram telegram;
    private final FakeBot bot;
    private final FakeChat direct;
    private final FakeChat group;
    private final FakeChat forum;
    private final long topic;
    private final PrintStream out;

    TelegramConsole(FakeTelegram telegram, String token, PrintStream out) {
        this.telegram = telegram;
        this.out = out;
        bot = telegram.addBot(token, "patchbay_bot");
        bot.enforce(Limits.published());
        direct = bot.direct(7, "You");
        group = bot.group(-4001, "Group");
        forum = bot.forum(-1_001_000_000_001L, "Forum");
        topic = forum.topic("Topic");
        bot.watch(this::show);
    }

    /** {@code [--port P] [--token T]}; without a port it takes 8081. */
    public static void main(String[] arguments) throws IOException {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            run(List.of(arguments), out);
        } catch (IllegalArgumentException | UncheckedIOException wrong) {
            out.println("fake-telegram: " + wrong.getMessage() + "; usage: fake-telegram [--port P] [--token T]");
            System.exit(2);
        }
    }

    private static void run(List<String> arguments, PrintStream out) throws IOException {
        int port = Integer.parseInt(option(arguments, "--port", "8081"));
        String token = option(arguments, "--token", "42:patchbay");
        try (var telegram = FakeTelegram.start(port);
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            var console = new TelegramConsole(telegram, token, out);
            console.greet();
            String line = in.readLine();
            while (line != null && !line.strip().equals("/quit")) {
                console.take(line.strip());
                line = in.readLine();
            }
        }
    }

    private static String option(List<String> arguments, String name, String otherwise) {
        for (int i = 0; i < arguments.size(); i += 2) {
            if (!List.of("--port", "--token").contains(arguments.get(i)) || i + 1 == arguments.size()) {
                throw new IllegalArgumentException("unknown or unfinished: " + arguments.get(i));
            }
        }
        int at = arguments.indexOf(name);
        return at < 0 ? otherwise : arguments.get(at + 1);
    }

    void greet() {
        String account = "channels.telegram.accounts.default.";
        out.println("A stand-in for Telegram listens on " + telegram.url() + ". Start the hub against it with");
        out.println();
        out.println("./patchbay run --set " + account + "api-url=" + telegram.url() + " --set " + account + "token="
                + bot.token() + " --set " + account + "dm-policy=open --set " + account + "groups.policy=open");
        out.println();
        out.print(HELP);
    }

    /** Does what one line says. Its mistakes are answered, not thrown. */
    void take(String line) {
        int blank = line.indexOf(' ');
        String rest = blank < 0 ? "" : line.substring(blank + 1).strip();
        try {
            switch (blank < 0 ? line : line.substring(0, blank)) {
                case "" -> {}
                case "/group" -> group.user(7, "You").says(rest);
                case "/topic" -> forum.user(7, "You").inTopic(topic).says(rest);
                case "/photo" -> direct.user().sends(Media.photo(Files.readAllBytes(Path.of(rest))));
                case "/press" -> press(rest);
                case "/fail" -> fail(rest.split(" ", -1));
                default -> direct.userSays(line);
            }
        } catch (IOException | IllegalArgumentException wrong) {
            out.println("! " + wrong.getMessage());
        }
    }

    private void press(String label) {
        for (FakeChat chat : List.of(direct, group, forum)) {
            List<SentMessage> seen = chat.seen();
            if (!seen.isEmpty() && !seen.getLast().buttons().isEmpty()) {
                chat.user(7, "You").presses(seen.getLast().messageId(), label);
                return;
            }
        }
        throw new IllegalArgumentException("the bot's last message has no buttons");
    }

    private void fail(String[] words) {
        if (words.length != 2) {
            throw new IllegalArgumentException("for instance /fail 3 500");
        }
        Fault fault =
                switch (words[1]) {
                    case "429" -> TelegramFaults.tooManyRequests(3);
                    case "500" -> TelegramFaults.internalError();
                    case "502" -> Fault.badGateway();
                    case "reset" -> Fault.resetAfter();
                    case "hang" -> Fault.hang();
                    default ->
                        throw new IllegalArgumentException("what goes wrong is one of 429, 500, 502, reset, hang");
                };
        telegram.faults().next(Integer.parseInt(words[0]), TelegramFaults.method("sendMessage"), fault);
    }

    private void show(FakeChat chat, SentMessage message) {
        var line = new ArrayList<String>();
        if (chat != direct) {
            line.add(chat == group ? "[group]" : "[topic]");
        }
        if (!message.edits().isEmpty()) {
            line.add("(changed)");
        }
        if (!message.kind().equals("text")) {
            line.add("<" + message.kind() + ">");
        }
        line.add(message.text());
        message.buttons().forEach(button -> line.add("[" + button.label() + "]"));
        out.println("< " + String.join(" ", line));
    }
}
