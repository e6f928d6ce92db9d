package dev.patchbay.plugin.webhook;

import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One account's settings, understood.
 *
 * @param replyTimeout how long a sender waits for the answer; null if answers are queued
 * @param callback where answers go; null if nowhere
 */
record WebhookSettings(
        Scheme scheme,
        Verifier verifier,
        BodyReader.Fields fields,
        @Nullable Duration replyTimeout,
        @Nullable CallbackSettings callback,
        Networks allowed) {
    private static final Duration WAIT_MAX = Duration.ofMinutes(10);
    private static final Duration TOLERANCE_MAX = Duration.ofHours(24);

    /**
     * Where and how answers are posted.
     *
     * @param signature null if callbacks are not signed
     * @param timeout for one whole call
     */
    record CallbackSettings(CallbackUrl url, @Nullable StandardWebhooks signature, Duration timeout) {}

    /**
     * Reads an account and adds what is wrong with it; what is returned then is not to be used. What is wrong with the shared
     * settings is said by {@link #allowed}, once for all accounts.
     */
    static WebhookSettings read(ChannelSettings settings, List<SettingProblem> problems) {
        return new Reader(settings, problems).read();
    }

    /** The networks that callbacks of all accounts may reach; adds what is wrong. */
    static Networks allowed(Settings shared, List<SettingProblem> problems) {
        var networks = new ArrayList<Networks.Block>();
        List<String> blocks = shared.texts("allow-private");
        for (int i = 0; i < blocks.size(); i++) {
            if (!blocks.get(i).isBlank()) {
                try {
                    networks.add(Networks.Block.of(blocks.get(i)));
                } catch (IllegalArgumentException wrong) {
                    problems.add(new SettingProblem(
                            "allow-private." + i, String.valueOf(wrong.getMessage()), "write for instance 10.0.0.0/8"));
                }
            }
        }
        return new Networks(networks);
    }

    /** One pass over the settings of one account. */
    private static final class Reader {
        private final ChannelSettings settings;
        private final Settings account;
        private final List<SettingProblem> problems;

        Reader(ChannelSettings settings, List<SettingProblem> problems) {
            this.settings = settings;
            this.account = settings.account();
            this.problems = problems;
        }

        WebhookSettings read() {
            Scheme scheme = scheme();
            return new WebhookSettings(
                    scheme,
                    verifier(scheme),
                    fields(scheme),
                    isSync() ? wait("reply-timeout", Duration.ofSeconds(25)) : null,
                    callback(),
                    allowed(settings.shared(), new ArrayList<>()));
        }

        private Scheme scheme() {
            String word = account.text("verify", Scheme.NONE.word());
            return Scheme.of(word).orElseGet(() -> {
                problem(
                        "verify",
                        "there is no scheme \"" + word + "\"",
                        "write none, token, standard-webhooks, github, slack or stripe");
                return Scheme.NONE;
            });
        }

        private Verifier verifier(Scheme scheme) {
            List<String> secrets = Stream.concat(account.text("secret").stream(), account.texts("secrets").stream())
                    .filter(secret -> !secret.isBlank())
                    .distinct()
                    .toList();
            if (scheme.needsSecret() && secrets.isEmpty()) {
                problem(
                        "secret",
                        "verify: " + scheme.word() + " needs a secret",
                        "write secret: \"${WEBHOOK_SECRET}\" and set that variable");
            }
            Duration tolerance = duration("tolerance", Duration.ofMinutes(5), TOLERANCE_MAX);
            return attempt(
                    "secret",
                    "write whsec_ and the key in base64",
                    () -> scheme.verifier(secrets, tolerance),
                    (call, now) -> Optional.of("this account is not set up"));
        }

        private BodyReader.Fields fields(Scheme scheme) {
            return new BodyReader.Fields(
                    account.text("text").map(field("text")).orElse(null),
                    field("peer", "/peer"),
                    field("thread-id", "/thread_id"),
                    field("sender", "/sender"),
                    field("message-id", "/" + scheme.idField()));
        }

        private Field field(String key, String otherwise) {
            return field(key).apply(account.text(key, otherwise));
        }

        private Function<String, Field> field(String key) {
            return setting ->
                    attempt(key, "write for instance /comment/body", () -> Field.of(setting), new Field.Fixed(setting));
        }

        private boolean isSync() {
            String reply = account.text("reply", "queue");
            if (!reply.equals("queue") && !reply.equals("sync")) {
                problem("reply", "there is no way to reply named \"" + reply + "\"", "write queue or sync");
            }
            return reply.equals("sync");
        }

        private @Nullable CallbackSettings callback() {
            // An address from an empty environment variable means that there is none.
            Optional<String> address = account.text("callback.url");
            if (address.isEmpty()) {
                if (account.has("callback") && !account.has("callback.url")) {
                    problem("callback", "url is missing", "write url: https://example.org/answers");
                }
                return null;
            }
            CallbackUrl url = attempt(
                    "callback.url",
                    "write for instance https://example.org/answers",
                    () -> CallbackUrl.of(address.get()),
                    CallbackUrl.NOWHERE);
            StandardWebhooks signature = account.text("callback.secret")
                    .map(secret -> attempt(
                            "callback.secret",
                            "write whsec_ and the key in base64",
                            () -> new StandardWebhooks(secret),
                            new StandardWebhooks("none")))
                    .orElse(null);
            return new CallbackSettings(url, signature, wait("callback.timeout", Duration.ofSeconds(10)));
        }

        private Duration wait(String key, Duration otherwise) {
            return duration(key, otherwise, WAIT_MAX);
        }

        private Duration duration(String key, Duration otherwise, Duration max) {
            Duration found = attempt(key, "write for instance 10s", () -> account.duration(key, otherwise), otherwise);
            if (found.toMillis() < 1 || found.compareTo(max) > 0) {
                problem(key, "is not between 1ms and " + max.toMinutes() + "m", "write for instance 10s");
                return otherwise;
            }
            return found;
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
