package dev.patchbay.hub.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.config.HubConfig.RateLimit;
import dev.patchbay.hub.config.HubConfig.Scope;
import dev.patchbay.hub.config.HubConfig.WhenFull;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecedenceTest {
    private final Path folder;

    PrecedenceTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void withoutAnythingThereIsAHubThatEchoesOnTheTerminalAndOneWebhook() {
        LoadedConfig loaded = new Loading(folder).load();

        HubConfig config = loaded.config();
        assertThat(loaded.problems()).isEmpty();
        assertThat(config.source()).isEqualTo("defaults");
        assertThat(config.hub().dataDir()).isEqualTo(folder.resolve("data"));
        assertThat(config.store().url()).isEqualTo("jdbc:h2:file:" + folder.resolve("data/hub"));
        assertThat(config.store().minFreeBytes()).isEqualTo(100L << 20);
        assertThat(config.agents().get(config.defaultAgent()))
                .extracting(HubConfig.AgentConfig::type)
                .isEqualTo("echo");
        assertThat(config.channels()).containsOnlyKeys("cli", "webhook");
        assertThat(Loading.channel(config, "cli").accounts()).containsOnlyKeys("default");
        assertThat(Loading.account(config, "webhook", "default").asMap())
                .isEqualTo(Map.of("verify", "none", "reply", "queue"));
        assertThat(config.delivery().backoff())
                .containsExactly(
                        Duration.ofSeconds(5), Duration.ofSeconds(25), Duration.ofMinutes(2), Duration.ofMinutes(10));
    }

    @Test
    void theDefaultFileIsReadWhenItIsThere() throws Exception {
        Files.createDirectories(folder.resolve("config"));
        Files.writeString(folder.resolve("config/hub.yaml"), "hub: { name: from-file }");

        HubConfig config = new Loading(folder).load().config();

        assertThat(config.hub().name()).isEqualTo("from-file");
        assertThat(config.source()).isEqualTo("config/hub.yaml");
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentAndTheEnvironmentOverTheFile() throws Exception {
        var loading = new Loading(folder).file("server: { port: 1, read-timeout: 1s, host: localhost }");
        loading.env("PATCHBAY_SERVER_PORT", "2").env("PATCHBAY_SERVER_READ_TIMEOUT", "2s");
        loading.set("server.port=3").set("server.port=4");

        HubConfig.Server server = loading.load().config().server();

        assertThat(server.port()).isEqualTo(4);
        assertThat(server.readTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(server.host()).isEqualTo("localhost");
    }

    @Test
    void everyKeyOfTheTableCanBeSetByItsVariable() {
        // Given
        Map<Key.Kind, String> samples = Map.of(
                Key.Kind.TEXT, "main",
                Key.Kind.NUMBER, "7",
                Key.Kind.FLAG, "true",
                Key.Kind.DURATION, "7s",
                Key.Kind.SIZE, "7MB",
                Key.Kind.RATE, "7/m",
                Key.Kind.PERCENT, "7%",
                Key.Kind.AMOUNT, "7.07",
                Key.Kind.PATH, "seven",
                Key.Kind.SECTIONS, "[]");
        for (Key key : Keys.all()) {
            if (key.path().endsWith("**")
                    || key.path().startsWith("server.tokens.*")
                    || key.path().startsWith("schedules.*")) {
                continue;
            }
            String value =
                    switch (key.kind()) {
                        case CHOICE -> key.words().getLast();
                        case LIST ->
                            key.path().endsWith("backoff") || key.path().equals("tasks.retry")
                                    ? "7s, 8s"
                                    : "telegram:7";
                        default -> samples.getOrDefault(key.kind(), "");
                    };
            value = switch (key.path()) {
                case "store.url" -> "jdbc:h2:file:./seven";
                case "server.public-url" -> "https://seven.example/";
                case "attachments.keep", "attachments.link-ttl" -> "7h";
                case "attachments.max-total" -> "70MB";
                case "agents.*.price.currency" -> "EUR";
                case "agents.*.budget.zone", "agents.*.heartbeat.zone" -> "Europe/Berlin";
                case "agents.*.heartbeat.active-hours" -> "08:00-22:00";
                case "agents.*.heartbeat.target" -> "none";
                case "attachments.allow-private" -> "10.7.0.0/16, ::7";
                default -> value;
            };
            String variable = EnvironmentKeys.variable(key.path().replace("*", "main"));

            // When
            LoadedConfig loaded = new Loading(folder)
                    .set("agents.main.type=echo")
                    .set("server.tls.cert=cert.pem")
                    .set("server.tls.key=key.pem")
                    .set("agents.main.fallback=")
                    .set("agents.main.price.output=1")
                    .set("agents.main.budget.daily=1")
                    .env(variable, value)
                    .load();

            // Then
            assertThat(loaded.problems()).as(variable + "=" + value).isEmpty();
        }
    }

    @Test
    void aVariableMeansTheLongestKeyThatFits() throws Exception {
        var loading = new Loading(folder).file("""
            agents:
              a: { type: echo }
              a_b: { type: echo }
              main: { type: echo }
            channels:
              web-hook: { accounts: { my_shop: { callback: { url: x } } } }
            """);
        loading.env("PATCHBAY_AGENTS_A_B_TIMEOUT", "2s").env("PATCHBAY_AGENTS_A_TIMEOUT", "3s");
        loading.env("PATCHBAY_CHANNELS_WEB_HOOK_ACCOUNTS_MY_SHOP_CALLBACK_URL", "y");
        loading.env("PATCHBAY_CHANNELS_WEB_HOOK_ACCOUNTS_MY_SHOP_REPLY_TIMEOUT", "9s");
        loading.env("PATCHBAY_CHANNELS_TELEGRAM_ACCOUNTS_DEFAULT_TOKEN", "t");

        LoadedConfig loaded = loading.load();

        HubConfig config = loaded.config();
        assertThat(loaded.problems()).isEmpty();
        assertThat(Loading.agent(config, "a_b").timeout()).hasSeconds(2);
        assertThat(Loading.agent(config, "a").timeout()).hasSeconds(3);
        assertThat(Loading.account(config, "web-hook", "my_shop").text("callback.url"))
                .hasValue("y");
        assertThat(Loading.account(config, "web-hook", "my_shop").text("reply-timeout"))
                .hasValue("9s");
        assertThat(Loading.account(config, "telegram", "default").text("token")).hasValue("t");
    }

    @Test
    void aVariableThatMeansNoKeyIsAWarningUnlessSomebodyElseUsesIt() throws Exception {
        var loading = new Loading(folder).file("hub: { name: \"${PATCHBAY_MY_NAME}\" }");
        loading.env("PATCHBAY_MY_NAME", "x").env("PATCHBAY_TOKEN", "x").env("PATCHBAY_URL", "x");
        loading.env("PATCHBAY_SERVR_PORT", "1").env("PATCHBAYSERVER_PORT", "1");

        LoadedConfig loaded = loading.load();

        assertThat(loaded.problems())
                .extracting(Problem::toString)
                .containsExactly("PATCHBAY_SERVR_PORT: no key of the configuration has this name; did you mean"
                        + " PATCHBAY_SERVER_PORT?");
        assertThat(loaded.hasErrors()).isFalse();
    }

    @Test
    void aListFromAboveReplacesTheOneBelowAndAPositionChangesOneOfIt() throws Exception {
        String yaml = """
            server:
              tokens:
                - { name: ops, token: aaaaaaaaaaaaaaaaa, scopes: [admin] }
            delivery: { backoff: [1s, 2s, 3s] }
            """;
        var loading = new Loading(folder).file(yaml);
        loading.set("delivery.backoff=9s, 8s").set("server.tokens.0.name=boss");
        loading.env("PATCHBAY_SERVER_TOKENS_1_TOKEN", "bbbbbbbbbbbbbbbbb")
                .env("PATCHBAY_SERVER_TOKENS_1_NAME", "bot")
                .env("PATCHBAY_SERVER_TOKENS_1_SCOPES", "chat, read");

        LoadedConfig loaded = loading.load();

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().delivery().backoff()).containsExactly(Duration.ofSeconds(9), Duration.ofSeconds(8));
        assertThat(loaded.config().server().tokens())
                .extracting(HubConfig.Token::name)
                .containsExactly("boss", "bot");
        assertThat(loaded.config().server().tokens().get(1).scopes()).containsOnly(Scope.CHAT, Scope.READ);
    }

    @Test
    void aListCanBeBegunButNotWithItsSecond() {
        assertThat(new Loading(folder)
                        .set("server.tokens.1.name=x")
                        .set("delivery.backoff.0=1s")
                        .problems())
                .containsExactly("--set: server.tokens.1: this list has 0 entries; write 0 to begin it");
    }

    @Test
    void wholeSectionsCanBeGivenAsYaml() {
        HubConfig config = new Loading(folder)
                .set("agents={main: {type: http, url: 'http://127.0.0.1:1/'}}")
                .set("bindings=[{agent: main, match: {channel: cli}}]")
                .load()
                .config();

        assertThat(Loading.agent(config, "main").settings().text("url")).hasValue("http://127.0.0.1:1/");
        assertThat(config.bindings().rules())
                .containsExactly(Map.of("agent", "main", "match", Map.of("channel", "cli")));
        assertThat(config.bindings().places()).containsExactly("--set");
    }

    @Test
    void aValueWithoutAKeyIsAProblemThatDoesNotShowIt() {
        for (String wrong : List.of("s3cret", "=s3cret", "a..b=s3cret", ".a=s3cret")) {
            assertThat(new Loading(folder).set(wrong).problems())
                    .containsExactly("--set: one of the values has no key; write --set key=value, for instance"
                            + " server.port=8081");
        }
    }

    @Test
    void placeholdersAreFilledFromTheEnvironment() throws Exception {
        String yaml = """
            hub: { name: "${A}-${B:b}-${EMPTY:c}-$${A}" }
            agents:
              main: { type: http, url: "http://${HOST:127.0.0.1}:${PORT:9000}/", secret: "${S}" }
            """;

        LoadedConfig loaded = new Loading(folder)
                .file(yaml)
                .env("A", "a${B}\\$")
                .env("EMPTY", "")
                .env("S", "s3cret")
                .load();

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().hub().name()).isEqualTo("a${B}\\$-b-c-${A}");
        assertThat(Loading.agent(loaded.config(), "main").settings().text("url"))
                .hasValue("http://127.0.0.1:9000/");
        assertThat(loaded.variables())
                .extracting(Variable::name)
                .containsExactly("A", "B", "EMPTY", "HOST", "PORT", "S");
        assertThat(loaded.variables())
                .extracting(Variable::isRequired)
                .containsExactly(true, false, false, false, false, true);
        assertThat(loaded.variables())
                .extracting(Variable::isSet)
                .containsExactly(true, false, false, false, false, true);
    }

    @Test
    void aMissingVariableDoesNotMatterWhereItsValueIsReplaced() throws Exception {
        var loading =
                new Loading(folder).file("hub: { name: \"${MISSING}\" }\ndelivery: { backoff: [\"${MISSING}\"] }");

        assertThat(loading.problems()).hasSize(2);
        assertThat(loading.set("hub.name=x").set("delivery.backoff=[1s]").problems())
                .isEmpty();
    }

    @Test
    void aValueStaysTheTextThatWasWritten() throws Exception {
        HubConfig config = new Loading(folder)
                .file("bindings: [{ agent: main, match: { a: 0123, b: off, c: 1_000, d: 2026-01-01, e: 12:30:45, f:"
                        + " ~ } }]")
                .load()
                .config();

        assertThat(config.bindings().rules().getFirst().get("match"))
                .isEqualTo(Map.of("a", "0123", "b", "off", "c", "1_000", "d", "2026-01-01", "e", "12:30:45"));
    }

    @Test
    void aChannelDeliversItsOwnWayAndTheRestAsAllDo() throws Exception {
        HubConfig config = new Loading(folder).file("""
            delivery: { attempts: 9, ttl: 1d }
            channels:
              webhook:
                allow-private: [127.0.0.0/8]
                delivery: { attempts: 2, when-full: drop-oldest, backoff: 10ms }
            """).load().config();

        HubConfig.Delivery own = config.deliveryOf("webhook");
        assertThat(own.attempts()).isEqualTo(2);
        assertThat(own.whenFull()).isEqualTo(WhenFull.DROP_OLDEST);
        assertThat(own.backoff()).containsExactly(Duration.ofMillis(10));
        assertThat(own.ttl()).hasDays(1);
        assertThat(config.deliveryOf("cli")).isEqualTo(config.delivery());
        assertThat(Loading.channel(config, "webhook").shared().texts("allow-private"))
                .containsExactly("127.0.0.0/8");
        assertThat(Loading.channel(config, "webhook").shared().has("delivery")).isFalse();
    }

    @Test
    void namesOfChannelsAndAccountsAreLowerCaseAndKeepTheirOrderAndTheirLines() throws Exception {
        LoadedConfig loaded = new Loading(folder).file("""
            channels:
              Zulu:
                accounts:
                  B: { token: "${T:t}" }
                  a: {}
              webhook: { enabled: false }
            """).load();

        HubConfig config = loaded.config();
        assertThat(config.channels().keySet()).containsExactly("zulu", "webhook", "cli");
        assertThat(Loading.channel(config, "zulu").accounts().keySet()).containsExactly("b", "a");
        assertThat(Loading.channel(config, "webhook").enabled()).isFalse();
        assertThat(Loading.channel(config, "zulu").place()).isEqualTo("hub.yaml:2");
        assertThat(loaded.places().of("channels.zulu.accounts.b.token")).isEqualTo("hub.yaml:4");
        assertThat(loaded.places().quoted("channels.zulu.accounts.b.token", "t"))
                .isEqualTo("\"${T:t}\"");
    }

    @Test
    void ratesSizesAndTokensMeanWhatTheySay() throws Exception {
        HubConfig config = new Loading(folder).file("""
            server:
              rate-limit: 50/s
              tokens: [{ name: ops, token: aaaaaaaaaaaaaaaaa, scopes: [operate] }]
            store: { min-free: 1GB, url: "jdbc:h2:file:./else/hub" }
            """).load().config();

        assertThat(config.server().rateLimit()).hasValue(new RateLimit(50, Duration.ofSeconds(1)));
        assertThat(config.store().minFreeBytes()).isEqualTo(1L << 30);
        assertThat(config.store().url()).isEqualTo("jdbc:h2:file:" + folder.resolve("else/hub"));
        HubConfig.Token token = config.server().tokens().getFirst();
        assertThat(token.may(Scope.OPERATE)).isTrue();
        assertThat(token.may(Scope.READ)).isTrue();
        assertThat(token.may(Scope.CHAT)).isFalse();
        assertThat(token.may(Scope.ADMIN)).isFalse();
        assertThat(Optional.of(Scope.ADMIN).filter(admin -> admin.holds(Scope.CHAT)))
                .isPresent();
    }

    @Test
    void aConfigurationWithAllChannelsLoadsWithoutTheirTokens() throws Exception {
        LoadedConfig loaded = new Loading(folder)
                .file("""
                    hub:      { name: home, data-dir: ./data }
                    server:
                      host: 127.0.0.1            # a comment
                      tokens:
                        - { name: ops, token: "${PATCHBAY_TOKEN}", scopes: [admin] }
                    store:    { url: "jdbc:h2:file:./data/hub", min-free: 100MB }
                    agents:
                      main:    { type: echo }
                      support: { type: http, url: "http://127.0.0.1:9000/reply", timeout: 60s, fallback: main }
                    default-agent: main
                    bindings:
                      - { agent: support, match: { channel: telegram, peer: { kind: direct, id: "42" } } }
                      - { agent: support, match: { channel: discord, guild: "123", roles: ["456"] } }
                    channels:
                      cli:      { enabled: true }
                      telegram:
                        accounts:
                          default: { token: "${TELEGRAM_BOT_TOKEN:}", api-url: "https://api.telegram.org", mode: polling }
                      discord:
                        accounts:
                          default: { token: "${DISCORD_BOT_TOKEN:}", gateway-url: "", dm-policy: pairing }
                    """)
                .env("PATCHBAY_TOKEN", "abcdefghijklmnopq")
                .load();

        HubConfig config = loaded.config();
        assertThat(loaded.problems()).isEmpty();
        assertThat(Loading.account(config, "telegram", "default").text("token")).isEmpty();
        assertThat(Loading.account(config, "telegram", "default").text("mode")).hasValue("polling");
        assertThat(Loading.agent(config, "support").fallback()).hasValue("main");
        assertThat(config.bindings().places()).containsExactly("hub.yaml:12", "hub.yaml:13");
        assertThat(config.bindings().rules().get(1))
                .isEqualTo(Map.of(
                        "agent",
                        "support",
                        "match",
                        Map.of("channel", "discord", "guild", "123", "roles", List.of("456"))));
    }
}
