package dev.patchbay.plugin.telegram;

import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.Command;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One account's settings, understood.
 *
 * @param webhook null if the bot is polled
 * @param commands the account's own ones
 * @param ackReaction an emoji, or null
 * @param fetchesUnaddressed whether files of group messages that do not mean the bot are worth fetching
 */
record TelegramSettings(
        String token,
        HttpUrl server,
        @Nullable Webhook webhook,
        Duration pollTimeout,
        ProxySettings proxy,
        boolean streams,
        List<Command> commands,
        @Nullable String ackReaction,
        ReplyMode replyMode,
        boolean markdown,
        boolean fetchesUnaddressed) {
    private static final Pattern TOKEN = Pattern.compile("\\d{1,20}:[A-Za-z0-9_-]{1,200}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final Duration POLL_MAX = Duration.ofSeconds(50);
    private static final HttpUrl TELEGRAM = HttpUrl.get("https://api.telegram.org");
    private static final int COMMANDS_MAX = 100;

    /** When an answer quotes what it answers. */
    enum ReplyMode {
        GROUPS,
        ALWAYS,
        NEVER
    }

    /**
     * How Telegram reaches us.
     *
     * @param publicUrl null if the operator tells Telegram
     */
    record Webhook(String secret, @Nullable HttpUrl publicUrl) {
        @Override
        public String toString() {
            return "Webhook[" + publicUrl + "]";
        }
    }

    /** Reads an account and adds what is wrong with it; what is returned then is not to be used. */
    static TelegramSettings read(ChannelSettings settings, List<SettingProblem> problems) {
        return new Reader(settings.account(), problems).read();
    }

    /** How fast such an account may send; what is wrong is left to {@link #read}. */
    static Pacing pacing(Settings account) {
        return new Reader(account, new ArrayList<>()).pacing();
    }

    /** The bot's user id, which every token begins with. */
    long botId() {
        return Long.parseLong(token.substring(0, token.indexOf(':')));
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "TelegramSettings[" + server.host() + "]";
    }

    /** One pass over the settings of one account. */
    private static final class Reader {
        private final Settings account;
        private final List<SettingProblem> problems;

        Reader(Settings account, List<SettingProblem> problems) {
            this.account = account;
            this.problems = problems;
        }

        TelegramSettings read() {
            pacing();
            return new TelegramSettings(
                    token(),
                    server(),
                    webhook(),
                    pollTimeout(),
                    proxy(),
                    word("stream", "edit", "off", "edit").equals("edit"),
                    commands(),
                    account.text("ack-reaction").orElse(null),
                    ReplyMode.valueOf(word("reply-mode", "groups", "groups", "always", "never")
                            .toUpperCase(Locale.ROOT)),
                    flag("markdown"),
                    !flag("groups.require-mention"));
        }

        Pacing pacing() {
            Duration second = Duration.ofSeconds(1);
            var bot = new Pacing.Limit.Window(number("pacing.per-second", 30), second);
            var chat = attempt(
                    "pacing.interval",
                    "write for instance 1s",
                    () -> new Pacing.Limit.Bucket(
                            number("pacing.burst", 3), account.duration("pacing.interval", second)),
                    new Pacing.Limit.Bucket(3, second));
            var group = new Pacing.Limit.Window(number("pacing.group-per-minute", 20), Duration.ofSeconds(60));
            return new Pacing(List.of(bot), List.of(chat), List.of(chat, group));
        }

        private String token() {
            String token = account.text("token", "").strip();
            boolean fits = TOKEN.matcher(token).matches()
                    && token.substring(0, token.indexOf(':')).length() <= 18;
            if (!token.isEmpty() && !fits) {
                problem("token", "is not the token of a bot", "write it as BotFather gave it: DIGITS:LETTERS");
            }
            return fits ? token : "0:none";
        }

        private HttpUrl server() {
            HttpUrl url = address("api-url");
            if (url == null) {
                return TELEGRAM;
            }
            if (!url.encodedPath().equals("/") || url.query() != null || url.fragment() != null) {
                problem("api-url", "has a path", "write scheme, host and port alone");
            }
            return url;
        }

        private @Nullable Webhook webhook() {
            String secret = account.text("webhook-secret", "");
            boolean isWanted = word("mode", "polling", "polling", "webhook").equals("webhook");
            if (!secret.isEmpty() && !SECRET.matcher(secret).matches()) {
                problem(
                        "webhook-secret",
                        "is not 1 to 256 of A-Z, a-z, 0-9, _ and -",
                        "write for instance what `openssl rand -hex 32` prints");
            } else if (isWanted && secret.isEmpty()) {
                problem("webhook-secret", "mode: webhook needs it", "write webhook-secret: \"${TELEGRAM_SECRET}\"");
            }
            HttpUrl url = address("public-url");
            return isWanted ? new Webhook(secret, url) : null;
        }

        private Duration pollTimeout() {
            Duration otherwise = Duration.ofSeconds(30);
            Duration found = attempt(
                    "poll-timeout",
                    "write for instance 30s",
                    () -> account.duration("poll-timeout", otherwise),
                    otherwise);
            if (found.compareTo(Duration.ofSeconds(1)) < 0 || found.compareTo(POLL_MAX) > 0) {
                problem("poll-timeout", "is not between 1s and 50s", "write for instance 30s");
            }
            return found;
        }

        private ProxySettings proxy() {
            return account.text("proxy")
                    .map(setting -> attempt(
                            "proxy",
                            "write http://HOST:PORT or socks5://HOST:PORT",
                            () -> ProxySettings.of(setting),
                            ProxySettings.NONE))
                    .orElse(ProxySettings.NONE);
        }

        /** A list of name and description, or a section of descriptions by name. */
        private List<Command> commands() {
            Optional<String> word = account.text("commands");
            if (word.isPresent() && !word.get().equals("true")) {
                if (!word.get().equals("false")) {
                    problem("commands", "is neither false nor a list", "write [ { name: menu, description: … } ]");
                }
                return List.of();
            }
            var named = new LinkedHashMap<String, String>();
            account.section("commands").asMap().forEach((name, text) -> named.put(name, text.toString()));
            account.sections("commands")
                    .forEach(each -> named.put(each.text("name", ""), each.text("description", "")));
            if (named.size() > COMMANDS_MAX) {
                problem("commands", "are too many", "list at most " + COMMANDS_MAX);
            }
            var commands = new ArrayList<Command>();
            for (Map.Entry<String, String> each : named.entrySet()) {
                attempt(
                        "commands",
                        "write a name of a-z, 0-9 and _, and a description",
                        () -> commands.add(new Command(each.getKey(), each.getValue())),
                        false);
            }
            return List.copyOf(commands);
        }

        private @Nullable HttpUrl address(String key) {
            String text = account.text(key, "");
            HttpUrl url = text.isEmpty() ? null : HttpUrl.parse(text.strip());
            if (!text.isEmpty() && (url == null || !url.username().isEmpty())) {
                problem(key, "is no address", "write for instance https://hub.example.org");
                return null;
            }
            return url;
        }

        private String word(String key, String otherwise, String... known) {
            String word = account.text(key, otherwise);
            if (!List.of(known).contains(word)) {
                problem(key, "\"" + word + "\" is not known", "write " + String.join(" or ", known));
                return otherwise;
            }
            return word;
        }

        private boolean flag(String key) {
            return attempt(key, "write true or false", () -> account.flag(key, true), true);
        }

        private int number(String key, int otherwise) {
            return attempt(
                    key,
                    "write a number from 1 to 1000",
                    () -> (int) account.number(key, otherwise, 1, 1_000),
                    otherwise);
        }

        private <T> T attempt(String key, String cure, Supplier<T> reading, T otherwise) {
            try {
                return reading.get();
            } catch (IllegalArgumentException wrong) {
                problem(key, String.valueOf(wrong.getMessage()), cure);
                return otherwise;
            }
        }

        private void problem(String key, String message, String cure) {
            problems.add(new SettingProblem(key, message, cure));
        }
    }
}
