package dev.patchbay.plugin.discord;

import dev.patchbay.api.Command;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says about one account.
 *
 * @param apiUrl without a slash at its end
 * @param gatewayUrl empty: Discord is asked for it
 * @param streams whether answers are shown while they grow
 * @param hasCommands whether slash commands are kept up to date; false leaves none
 * @param commands the account's own, besides the hub's
 * @param readsAll whether the intent MESSAGE_CONTENT is asked for
 * @param ackReaction an emoji put under each message taken in; empty: none
 * @param historyMax messages fetched per channel after an outage
 */
record DiscordSettings(
        String token,
        String apiUrl,
        String gatewayUrl,
        @Nullable HttpProxy proxy,
        boolean streams,
        boolean hasCommands,
        List<Command> commands,
        boolean readsAll,
        boolean allowsBots,
        String ackReaction,
        ReplyMode replyMode,
        int historyMax,
        Pacing pacing) {

    static final String API = "https://discord.com/api/v10";
    private static final int COMMANDS_MAX = 50;

    /** Where an answer points at the message it answers. */
    enum ReplyMode {
        /** Where others talk too. */
        GROUPS,
        ALWAYS,
        NEVER
    }

    /** Reads an account's settings; what is wrong is added to the problems and replaced by the default. */
    static DiscordSettings read(Settings account, List<SettingProblem> problems) {
        var reader = new Reader(account, problems);
        return new DiscordSettings(
                account.text("token", "").strip(),
                reader.address("api-url", API, "http"),
                reader.address("gateway-url", "", "ws"),
                reader.read("proxy", () -> account.text("proxy").map(HttpProxy::read), Optional.<HttpProxy>empty())
                        .orElse(null),
                reader.word("stream", "edit", List.of("off", "edit")).equals("edit"),
                !account.text("commands", "true").equals("false"),
                reader.commands(),
                reader.read("message-content", () -> account.flag("message-content", true), true),
                reader.read("allow-bots", () -> account.flag("allow-bots", false), false),
                account.text("ack-reaction", ""),
                switch (reader.word("reply-mode", "groups", List.of("groups", "always", "never"))) {
                    case "always" -> ReplyMode.ALWAYS;
                    case "never" -> ReplyMode.NEVER;
                    default -> ReplyMode.GROUPS;
                },
                reader.number("history-limit", 1_000, 100_000),
                reader.pacing());
    }

    private record Reader(Settings account, List<SettingProblem> problems) {

        <T> T read(String key, Supplier<T> value, T otherwise) {
            try {
                return value.get();
            } catch (IllegalArgumentException wrong) {
                String what = String.valueOf(wrong.getMessage());
                problems.add(new SettingProblem(
                        key, what.startsWith(key + " ") ? what.substring(key.length() + 1) : what, "correct it"));
                return otherwise;
            }
        }

        String word(String key, String otherwise, List<String> known) {
            String word = account.text(key, otherwise);
            if (known.contains(word)) {
                return word;
            }
            problems.add(new SettingProblem(key, "is not known", "write " + String.join(" or ", known)));
            return otherwise;
        }

        int number(String key, int otherwise, int max) {
            return read(key, () -> (int) account.number(key, otherwise, 1, max), otherwise);
        }

        /** With or without encryption; a slash at the end is cut. */
        String address(String key, String otherwise, String scheme) {
            String address = account.text(key, otherwise).strip();
            if (address.isEmpty()) {
                return address;
            }
            try {
                URI uri = URI.create(address);
                if ((scheme.equals(uri.getScheme()) || (scheme + "s").equals(uri.getScheme()))
                        && uri.getHost() != null) {
                    return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
                }
            } catch (IllegalArgumentException malformed) {
                // Said below, without the value: it may hold a password.
            }
            problems.add(new SettingProblem(
                    key, "is no address of this kind", "write for instance " + scheme + "s://HOST/PATH"));
            return otherwise;
        }

        /** A list of names and descriptions, or a section of descriptions by name. */
        List<Command> commands() {
            var commands = new ArrayList<Command>();
            List<Settings> sections = account.sections("commands");
            for (int i = 0; i < sections.size(); i++) {
                Settings section = sections.get(i);
                command("commands." + i, section.text("name", ""), section.text("description", ""), commands);
            }
            account.section("commands")
                    .asMap()
                    .forEach((name, description) ->
                            command("commands." + name, name, String.valueOf(description), commands));
            return List.copyOf(commands);
        }

        private void command(String key, String name, String description, List<Command> commands) {
            read(key, () -> Optional.of(new Command(name, description)), Optional.<Command>empty())
                    .filter(_ -> commands.size() < COMMANDS_MAX)
                    .ifPresent(commands::add);
        }

        /** Discord allows 50 requests per second in all; 5 messages per channel and second is what it has shown for years. */
        Pacing pacing() {
            var perAccount = new Pacing.Limit.Window(number("pacing.per-second", 50, 1_000), Duration.ofSeconds(1));
            int burst = number("pacing.burst", 5, 1_000);
            Duration interval = read(
                    "pacing.interval",
                    () -> account.duration("pacing.interval", Duration.ofSeconds(1)),
                    Duration.ofSeconds(1));
            var perPeer = read(
                    "pacing.interval",
                    () -> new Pacing.Limit.Bucket(burst, interval),
                    new Pacing.Limit.Bucket(5, Duration.ofSeconds(1)));
            return new Pacing(List.of(perAccount), List.of(perPeer), List.of(perPeer));
        }
    }
}
