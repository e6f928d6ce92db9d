package dev.patchbay.fakes.discord;

import dev.patchbay.fakes.http.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** The fake in a terminal: one line, one message of a person called {@code you}. Started by scripts/fake-discord. */
public final class DiscordConsole {
    private static final String HELP = """
        TEXT                  say it to the bot in your direct channel
        /guild TEXT           say it in #general; "@patchbay" in a text mentions the bot
        /thread TEXT          say it in a thread of #general
        /post TITLE           start a post in the forum
        /reply TEXT           reply to the bot's latest message
        /edit TEXT            change what you said last
        /react EMOJI          react to the bot's latest message
        /press ID             press a button on the bot's latest message
        /use NAME [KEY=VALUE] use a slash command that the bot has registered
        /fail N STATUS        answer the bot's next N messages with this status
        /drop, /invalid       drop the bot's connection; say that its session is invalid
        /quit                 end\
        """;

    private final FakeDiscord discord;
    private final Bot bot;
    private final PrintStream out;
    private final User you;
    private final Channel direct;
    private final Channel general;
    private final Channel thread;
    private final Channel forum;
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final Map<String, String> shown = new HashMap<>();
    private Optional<Message> last = Optional.empty();

    DiscordConsole(FakeDiscord discord, Bot bot, PrintStream out) {
        this.discord = discord;
        this.bot = bot;
        this.out = out;
        you = discord.addUser("you");
        Guild guild = discord.addGuild("workshop");
        guild.addMember(you);
        guild.addBot(bot);
        direct = discord.direct(bot, you);
        general = guild.addTextChannel("general");
        thread = guild.addThread(general, "side talk", you);
        forum = guild.addForum("ideas");
        channels.addAll(List.of(direct, general, thread));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var given = new HashMap<>(Map.of("--port", "8082", "--gateway-port", "8083", "--token", "patchbay-discord"));
        for (int at = 0; at < arguments.length; at += 2) {
            if (at + 1 == arguments.length || given.replace(arguments[at], arguments[at + 1]) == null) {
                System.err.println("usage: scripts/fake-discord [--port P] [--gateway-port P] [--token T]");
                System.exit(2);
            }
        }
        var settings = new FakeDiscord.Settings(
                Integer.parseInt(given.getOrDefault("--port", "")),
                Integer.parseInt(given.getOrDefault("--gateway-port", "")),
                Duration.ofMillis(41_250),
                Limits.real(),
                Clock.systemUTC());
        try (FakeDiscord discord = FakeDiscord.start(settings)) {
            String token = given.getOrDefault("--token", "");
            var console = new DiscordConsole(discord, discord.addBot(token, "patchbay"), System.out);
            console.introduce(token);
            Thread.ofVirtual().name("fake-discord-show").start(console::showAll);
            console.read(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        }
    }

    User you() {
        return you;
    }

    private void introduce(String token) {
        String account = " --set channels.discord.accounts.default.";
        out.println("Discord, or nearly. Start the hub in another terminal:");
        out.println();
        out.println("  ./patchbay run" + account + "api-url=" + discord.url() + account + "gateway-url="
                + discord.gatewayUrl() + account + "token=" + token + account + "dm-policy=open" + account
                + "groups.policy=open");
        out.println();
        out.println(HELP);
        out.println();
    }

    private void read(BufferedReader lines) throws IOException, InterruptedException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("/quit")) {
                return;
            }
            try {
                type(line);
            } catch (RuntimeException impossible) {
                out.println("! " + impossible.getMessage());
            }
        }
        out.println("The input has ended; still serving until Ctrl-C.");
        new CountDownLatch(1).await();
    }

    /** Does what one line says. */
    void type(String line) {
        String[] words = line.strip().split("\\s+", 2);
        String rest = (words.length == 2 ? words[1] : "").replace("@patchbay", bot.mention());
        switch (words[0]) {
            case "" -> {}
            case "/guild" -> say(general, Said.text(rest));
            case "/thread" -> say(thread, Said.text(rest));
            case "/post" -> channels.add(you.posts(forum, rest, rest));
            case "/reply" -> say(ofBot(), rest);
            case "/edit" -> last = last.map(said -> you.edits(said, rest));
            case "/react" -> you.reacts(ofBot(), rest);
            case "/press" -> you.presses(ofBot(), rest);
            case "/use" -> use(rest);
            case "/fail" -> fail(rest);
            case "/drop" -> discord.gateway().drop(bot);
            case "/invalid" -> discord.gateway().invalidate(bot, false);
            default -> {
                if (words[0].startsWith("/")) {
                    out.println(HELP);
                } else {
                    say(direct, Said.text(line.replace("@patchbay", bot.mention())));
                }
            }
        }
    }

    private void say(Channel channel, Said what) {
        last = Optional.of(you.says(channel, what));
    }

    private void say(Message to, String text) {
        say(channel(to), Said.text(text).replyingTo(to));
    }

    private void use(String rest) {
        String[] words = rest.split("\\s+", -1);
        Map<String, Object> options = new HashMap<>();
        for (int at = 1; at < words.length; at++) {
            String[] pair = words[at].split("=", 2);
            options.put(pair[0], pair.length == 2 ? pair[1] : "");
        }
        you.uses(direct, bot, words[0], options);
    }

    private void fail(String rest) {
        String[] words = rest.split("\\s+", -1);
        if (words.length != 2) {
            throw new IllegalArgumentException("/fail N STATUS, for instance /fail 3 500");
        }
        discord.faults()
                .next(Integer.parseInt(words[0]), FakeDiscord.sends(), Fault.status(Integer.parseInt(words[1])));
    }

    private Message ofBot() {
        return channels.stream()
                .flatMap(channel -> channel.messagesOf(bot.user()).stream())
                .max((one, two) -> Long.compare(Long.parseLong(one.id()), Long.parseLong(two.id())))
                .orElseThrow(() -> new IllegalStateException("the bot has said nothing yet"));
    }

    private void showAll() {
        try {
            while (discord.await(Duration.ofDays(1), () -> !unseen().isEmpty())) {
                show();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Message> unseen() {
        return channels.stream()
                .flatMap(channel -> channel.messagesOf(bot.user()).stream())
                .filter(message -> !text(message).equals(shown.get(message.id())))
                .toList();
    }

    /** Prints what the bot has said or changed since the last time. */
    void show() {
        for (Message message : unseen()) {
            String before = shown.put(message.id(), text(message));
            String where = message.channelId().equals(direct.id())
                    ? ""
                    : "#" + channel(message).name() + " ";
            out.println(where + (before == null ? "bot> " : "bot (edited)> ") + text(message));
        }
    }

    private Channel channel(Message message) {
        return channels.stream()
                .filter(each -> each.id().equals(message.channelId()))
                .findFirst()
                .orElse(direct);
    }

    private static String text(Message message) {
        var text = new StringBuilder(message.content());
        message.attachments()
                .forEach(file -> text.append(" [file ").append(file.name()).append(']'));
        for (var row : message.said().components()) {
            row.path("components").forEach(button -> text.append(" [")
                    .append(button.path("label").asText())
                    .append(": /press ")
                    .append(button.path("custom_id").asText())
                    .append(']'));
        }
        message.reactions().keySet().forEach(emoji -> text.append(' ').append(emoji));
        return text.toString();
    }
}
