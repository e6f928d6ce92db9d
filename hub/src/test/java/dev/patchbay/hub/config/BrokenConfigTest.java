package dev.patchbay.hub.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokenConfigTest {
    private final Path folder;

    BrokenConfigTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "server: { prot: 8080 } ~ hub.yaml:1: server.prot: unknown key; did you mean port?",
                "server: { readTimeout: 3s } ~ hub.yaml:1: server.readTimeout: unknown key; did you mean read-timeout?",
                "port: 8080 ~ hub.yaml:1: port: unknown key; the key is server.port",
                "hub: { colour: red } ~ hub.yaml:1: hub.colour: unknown key; known here: name, data-dir, drain-timeout",
                "server: { port: eighty } ~ hub.yaml:1: server.port: \"eighty\" is not a whole number; write a number,"
                        + " 0 to 65535",
                "server: { port: 70000 } ~ hub.yaml:1: server.port: \"70000\" is out of range; write 0 to 65535",
                "server: { port: 99999999999999999999999 } ~ hub.yaml:1: server.port: \"99999999999999999999999\" is"
                        + " out of range; write 0 to 65535",
                "server: { port: [1] } ~ hub.yaml:1: server.port: takes a single value; write port: VALUE",
                "server: 8080 ~ hub.yaml:1: server: takes keys, not a value; write KEY: VALUE below it",
                "server: { read-timeout: 30 } ~ hub.yaml:1: server.read-timeout: \"30\" has no unit; write 30s if"
                        + " seconds are meant (ms, s, m, h, d)",
                "server: { read-timeout: soon } ~ hub.yaml:1: server.read-timeout: \"soon\" is not a duration; write"
                        + " for instance 30s (ms, s, m, h, d)",
                "server: { read-timeout: 1ms } ~ hub.yaml:1: server.read-timeout: \"1ms\" is out of range; write 100ms"
                        + " to 10m",
                "server: { rate-limit: fast } ~ hub.yaml:1: server.rate-limit: \"fast\" is not a rate; write off, or"
                        + " for instance 50/s (s, m, h)",
                "server: { rate-limit: 0/s } ~ hub.yaml:1: server.rate-limit: \"0/s\" is out of range; write 1 to"
                        + " 1000000",
                "server: { host: 0.0.0.0 } ~ hub.yaml:1: server.host: \"0.0.0.0\" can be reached from outside, and"
                        + " neither a token nor TLS is configured; write host: 127.0.0.1, or list a token under"
                        + " server.tokens",
                "agents: { main: { type: echo, price: { input: -1 } } } ~ hub.yaml:1: agents.main.price.input: \"-1\""
                        + " is out of range; write 0 to 1000000",
                "agents: { main: { type: echo, price: { input: cheap } } } ~ hub.yaml:1: agents.main.price.input:"
                        + " \"cheap\" is not an amount; write a number, for instance 0.15",
                "agents: { main: { type: echo, price: { currency: Euro } } } ~ hub.yaml:1: agents.main.price.currency:"
                        + " \"Euro\" is no currency; write three capitals, for instance USD or EUR",
                "agents: { main: { type: echo, price: { inputs: 1 } } } ~ hub.yaml:1: agents.main.price.inputs: unknown"
                        + " key; did you mean input?",
                "agents: { main: { type: echo, budget: { daily: 1 } } } ~ hub.yaml:1: agents.main.budget: the agent has"
                        + " no price, so nothing would ever count against its budget; write price: { input: 0.15,"
                        + " output: 0.60, currency: USD } beside it, per million tokens",
                "agents: { main: { type: echo, price: { input: 1 }, budget: { daily: 0 } } } ~ hub.yaml:1:"
                        + " agents.main.budget.daily: \"0\" is out of range; write 0.000001 to 1000000000",
                "agents: { main: { type: echo, price: { input: 1 }, budget: { daily: 1, warn: 0% } } } ~ hub.yaml:1:"
                        + " agents.main.budget.warn: \"0%\" is out of range; write 1% to 100%",
                "agents: { main: { type: echo, price: { input: 1 }, budget: { daily: 1, zone: Berlin } } } ~"
                        + " hub.yaml:1: agents.main.budget.zone: \"Berlin\" is no time zone; write for instance UTC or"
                        + " Europe/Berlin",
                "agents: { main: { type: echo, budget: 1 } } ~ hub.yaml:1: agents.main.budget: takes keys, not a"
                        + " value; write KEY: VALUE below it",
                "server: { tls: { cert: a.pem } } ~ hub.yaml:1: server.tls: key is missing; name the PEM file with the"
                        + " private key",
                "server: { tokens: ops } ~ hub.yaml:1: server.tokens: takes a list of sections; write - KEY: VALUE"
                        + " below it",
                "server: { tokens: [{ name: ops, token: abcdefghijklmnopq }] } ~ hub.yaml:1: server.tokens.0: scopes"
                        + " is missing; write scopes: [chat, read], operate or admin",
                "server: { tokens: [{ name: ops, token: abcdefghijklmnopq, scopes: [root] }] } ~ hub.yaml:1:"
                        + " server.tokens.0.scopes.0: \"root\" is not known; known here: chat, read, operate, admin",
                "server: { tokens: [{ token: abcdefghijklmnopq, scopes: [chat] }] } ~ hub.yaml:1: server.tokens.0:"
                        + " name is missing; write name: WHO",
                "store: { min-free: 999999999999GB } ~ hub.yaml:1: store.min-free: \"999999999999GB\" is not a size;"
                        + " write for instance 10MB (B, KB, MB, GB)",
                "store: { min-free: 100 } ~ hub.yaml:1: store.min-free: \"100\" has no unit; write 100MB if megabytes"
                        + " are meant (B, KB, MB, GB)",
                "store: { url: \"jdbc:postgresql://h/db\" } ~ hub.yaml:1: store.url: \"jdbc:postgresql://h/db\" is not"
                        + " supported by this version; write jdbc:h2:file:./data/hub",
                "store: { url: \"jdbc:h2:mem:x\" } ~ hub.yaml:1: store.url: \"jdbc:h2:mem:x\" is no address of a"
                        + " store; write jdbc:h2:file:./data/hub",
                "store: { url: \"jdbc:h2:file:./x;WRITE_DELAY=1\" } ~ hub.yaml:1: store.url:"
                        + " \"jdbc:h2:file:./x;WRITE_DELAY=1\" has options after the path; leave them out; the hub sets"
                        + " what it needs",
                "server: { public-url: hub.example } ~ hub.yaml:1: server.public-url: \"hub.example\" is no address of"
                        + " a web server; write for instance https://hub.example/",
                "attachments: { max-size: 65MB } ~ hub.yaml:1: attachments.max-size: \"65MB\" is out of range; write"
                        + " 1KB to 64MB",
                "attachments: { max-total: 1MB } ~ hub.yaml:1: attachments.max-total: there is no room for even one"
                        + " file of max-size; raise it",
                "attachments: { allow-private: [localhost] } ~ hub.yaml:1: attachments.allow-private.0: \"localhost\""
                        + " is no network; write for instance 10.0.0.0/8 or fd00::/8",
                "plugins: { watch: yes } ~ hub.yaml:1: plugins.watch: \"yes\" is neither true nor false; write true",
                "agents: { main: { type: echo }, Main: { type: echo } } ~ hub.yaml:1: agents.Main: no name for an"
                        + " agent; take a-z, 0-9, - and _, at most 64, no - or _ in front",
                "agents: { main: { timeout: 5s } } ~ hub.yaml:1: agents.main: type is missing; write type: echo, or"
                        + " another type of agent",
                "agents: { main: { type: echo, on-failure: apologize } } ~ hub.yaml:1: agents.main.on-failure:"
                        + " \"apologize\" is not known; did you mean apologise?",
                "agents: { main: { type: echo, fallback: mian } } ~ hub.yaml:1: agents.main.fallback: there is no"
                        + " agent \"mian\"; did you mean main?",
                "agents: { main: { type: echo, fallback: main } } ~ hub.yaml:1: agents.main.fallback: the agents stand"
                        + " in for each other in a circle: main > main; let the last one have no fallback",
                "default-agent: mein ~ hub.yaml:1: default-agent: there is no agent \"mein\"; write default-agent:"
                        + " NAME; did you mean main?",
                "bindings: { agent: main } ~ hub.yaml:1: bindings: takes a list of sections; write - KEY: VALUE below"
                        + " it",
                "sessions: { dm-scope: per_peer } ~ hub.yaml:1: sessions.dm-scope: \"per_peer\" is not known; did you"
                        + " mean per-peer?",
                "sessions: { identity-links: { a: [42] } } ~ hub.yaml:1: sessions.identity-links.a.0: \"42\" names no"
                        + " channel and id; write for instance telegram:42",
                "sessions: { identity-links: { a: [\"t:1\"], b: [\"t:1\"] } } ~ hub.yaml:1: sessions.identity-links.b:"
                        + " \"t:1\" is listed twice, first for a; an id belongs to one person",
                "channels: { my channel: {} } ~ hub.yaml:1: channels.my channel: no name for a channel; take a-z, 0-9"
                        + " and -, at most 32, no - in front",
                "channels: { webhook: {}, WebHook: {} } ~ hub.yaml:1: channels.WebHook: the same channel as webhook,"
                        + " whatever the case; keep one of them",
                "channels: { webhook: { accounts: { a: {}, A: {} } } } ~ hub.yaml:1: channels.webhook.accounts.A: the"
                        + " same account as a, whatever the case; keep one of them",
                "channels: { webhook: { delivery: { atempts: 3 } } } ~ hub.yaml:1: channels.webhook.delivery.atempts:"
                        + " unknown key; did you mean attempts?",
                "delivery: { backoff: [5s, 25] } ~ hub.yaml:1: delivery.backoff.1: \"25\" has no unit; write 25s if"
                        + " seconds are meant (ms, s, m, h, d)",
                "delivery: { when-full: refuze } ~ hub.yaml:1: delivery.when-full: \"refuze\" is not known; did you"
                        + " mean refuse?",
                "delivery: { jitter: 60% } ~ hub.yaml:1: delivery.jitter: \"60%\" is out of range; write 0% to 50%",
                "hub: { name: \"${NOBODY_SET_THIS}\" } ~ hub.yaml:1: hub.name: the environment variable"
                        + " NOBODY_SET_THIS is not set; set it, or write ${NOBODY_SET_THIS:default}",
                "hub: { name: \"a ${ b\" } ~ hub.yaml:1: hub.name: a ${ that is no placeholder; write ${NAME},"
                        + " ${NAME:default}, or $${ for the text itself",
                "hub: { name: a, name: b } ~ hub.yaml:1: hub.name: written twice, first at hub.yaml:1; keep one of"
                        + " them",
                "hub: { ? [a] : b } ~ hub.yaml:1: hub: a key that is no word; write KEY: VALUE",
                "hub: { name: !secret x } ~ hub.yaml:1: hub.name: a tag (!…) is not supported; put a text that begins"
                        + " with ! in quotes",
                "hub: { <<: { name: a } } ~ hub.yaml:1: hub: << is not supported; write the keys out",
                "[a, b] ~ hub.yaml:1: this is no list of keys; begin with for instance hub:",
                "hub: { name: *s3cr3t } ~ hub.yaml:1: this is not YAML: an alias, anchor or tag that is not known;"
                        + " look at this line and the one above; put texts with : # [ { @ * & ! % in quotes",
            })
    void eachMistakeIsNamedWithItsPlaceAndItsCure(String yaml, String problem) throws Exception {
        assertThat(new Loading(folder).file(yaml.strip()).problems()).containsExactly(problem.strip());
    }

    @Test
    void everythingIsReportedAtOnceInTheOrderOfTheFile() throws Exception {
        var loading = new Loading(folder)
                .file("""
                    hub: { nmae: home }
                    server:
                      port: x
                      read-timeout: 30
                      tokens:
                        - name: ops
                          token: "${NOT_THERE}"
                          scopes: [everything]
                    agents:
                      main: { type: echo, timeout: 1 }
                      main: { type: http }
                      support:
                        fallback: nobody
                    default-agent: other
                    delivery:
                      attempts: -1
                    """)
                .env("PATCHBAY_SESSIONS_LANE_LIMIT", "many")
                .set("plugins.watch=perhaps")
                .set("store.min-fre=1MB");

        assertThat(loading.problems())
                .containsExactly(
                        "hub.yaml:1: hub.nmae: unknown key; did you mean name?",
                        "hub.yaml:3: server.port: \"x\" is not a whole number; write a number, 0 to 65535",
                        "hub.yaml:4: server.read-timeout: \"30\" has no unit; write 30s if seconds are meant (ms, s,"
                                + " m, h, d)",
                        "hub.yaml:7: server.tokens.0.token: the environment variable NOT_THERE is not set; set it, or"
                                + " write ${NOT_THERE:default}",
                        "hub.yaml:8: server.tokens.0.scopes.0: \"everything\" is not known; known here: chat, read,"
                                + " operate, admin",
                        "hub.yaml:10: agents.main.timeout: \"1\" has no unit; write 1s if seconds are meant (ms, s, m,"
                                + " h, d)",
                        "hub.yaml:11: agents.main: written twice, first at hub.yaml:10; keep one of them",
                        "hub.yaml:12: agents.support: type is missing; write type: echo, or another type of agent",
                        "hub.yaml:13: agents.support.fallback: there is no agent \"nobody\"; known here: main, support",
                        "hub.yaml:14: default-agent: there is no agent \"other\"; write default-agent: NAME; known"
                                + " here: main, support",
                        "hub.yaml:16: delivery.attempts: \"-1\" is out of range; write 1 to 1000",
                        "--set: store.min-fre: unknown key; did you mean min-free?",
                        "--set: plugins.watch: \"perhaps\" is neither true nor false; write true or false",
                        "PATCHBAY_SESSIONS_LANE_LIMIT: sessions.lane-limit: \"many\" is not a whole number; write a"
                                + " number, 1 to 1000000");
    }

    @Test
    void aCircleOfFallbacksIsReportedAtEachOfItsAgentsAndNowhereElse() throws Exception {
        var loading = new Loading(folder).file("""
            agents:
              main: { type: echo, fallback: a }
              a: { type: echo, fallback: b }
              b: { type: echo, fallback: a }
            """);

        assertThat(loading.problems())
                .containsExactly(
                        "hub.yaml:3: agents.a.fallback: the agents stand in for each other in a circle: a > b > a; let"
                                + " the last one have no fallback",
                        "hub.yaml:4: agents.b.fallback: the agents stand in for each other in a circle: b > a > b; let"
                                + " the last one have no fallback");
    }

    @Test
    void aSyntaxErrorIsNamedWithItsLine() throws Exception {
        assertThat(new Loading(folder).file("hub:\n  name: a\n\tport: 1\n").problems())
                .singleElement()
                .asString()
                .startsWith("hub.yaml:3: this is not YAML: ")
                .endsWith("; indent with blanks");
        assertThat(new Loading(folder).file("hub:\n  name: [a\nserver: 1\n").problems())
                .singleElement()
                .asString()
                .startsWith("hub.yaml:3: this is not YAML: ");
        assertThat(new Loading(folder).file("hub:\n  name: \u0007\n").problems())
                .singleElement()
                .asString()
                .startsWith("hub.yaml:2: this is not YAML: a character that YAML does not allow");
        assertThat(new Loading(folder).file("a: 1\n---\nb: 1\n").problems())
                .singleElement()
                .asString()
                .startsWith("hub.yaml:2: this is not YAML: but found another document");
    }

    @Test
    void aFileThatSaysNothingLeavesTheDefaults() throws Exception {
        for (String nothing : List.of("", "\n\n", "# only a comment\n", "---\n", "~\n")) {
            LoadedConfig loaded = new Loading(folder).file(nothing).load();
            assertThat(loaded.problems()).isEmpty();
            assertThat(loaded.config().agents()).containsOnlyKeys("main");
            assertThat(loaded.config().channels()).containsKeys("cli", "webhook");
        }
        assertThat(new Loading(folder).file("{}").problems()).isEmpty();
    }

    @Test
    void aSectionOfAgentsWithoutAnyIsSaidThereWithACure() throws Exception {
        assertThat(new Loading(folder).file("hub: { name: x }\nagents: {}\n").problems())
                .containsExactly(
                        "hub.yaml:2: agents: there is no agent; write agents: { main: { type: echo } }, or leave"
                                + " the section out");
    }

    @Test
    void aFileThatCannotBeReadSaysWhy() throws Exception {
        assertThat(new Loading(folder).named("other.yaml").problems())
                .containsExactly("other.yaml: there is no such file; name another one with --config FILE");
        assertThat(new Loading(folder).named(".").problems()).containsExactly(".: this is a folder; name a YAML file");
        assertThat(new Loading(folder).named("a\0b").problems())
                .singleElement()
                .asString()
                .contains("the file cannot be read");

        Files.write(folder.resolve("latin.yaml"), "hub: { name: Käse }".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new Loading(folder).named("latin.yaml").problems())
                .containsExactly("latin.yaml: the file is not UTF-8; save it as UTF-8");
    }

    @Test
    void aFileThatIsTooBigIsNotRead() throws Exception {
        String large = "# " + "x".repeat(ConfigLoader.FILE_BYTES_MAX) + "\nhub: { name: home }\n";

        assertThat(new Loading(folder).file(large).problems())
                .containsExactly("hub.yaml: the file is larger than 1 MB; name the hub's own YAML file");
    }

    @Test
    void aliasesAreFollowedButABombOfThemIsNot() throws Exception {
        var fine =
                new Loading(folder).file("delivery: { ttl: &t 2d }\nchannels: { webhook: { delivery: { ttl: *t } } }");
        assertThat(fine.problems()).isEmpty();
        assertThat(fine.load().config().deliveryOf("webhook").ttl()).hasDays(2);

        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++) {
            String below = ("*a" + (i - 1) + ", ").repeat(10);
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, below.substring(0, below.length() - 2)));
        }
        assertThat(new Loading(folder).file(bomb.toString()).problems())
                .singleElement()
                .asString()
                .contains("aliases make this more than 50000 values");
        assertThat(new Loading(folder).file("a: &a [*a]\n").problems())
                .singleElement()
                .asString()
                .contains("32 levels");
        assertThat(new Loading(folder).file("a: " + "[".repeat(100_000)).problems())
                .singleElement()
                .asString()
                .contains("this is not YAML");
    }

    @Test
    void whatLooksOpenToTheNetworkNeedsATokenOrTls() throws IOException {
        assertThat(new Loading(folder).set("server.host=localhost").problems()).isEmpty();
        assertThat(new Loading(folder).set("server.host=::1").problems()).isEmpty();
        assertThat(new Loading(folder).set("server.host=127.3.2.1").problems()).isEmpty();
        assertThat(new Loading(folder).set("server.host=::").problems()).hasSize(1);
        assertThat(new Loading(folder).set("server.host=hub.example").problems())
                .hasSize(1);
        assertThat(new Loading(folder)
                        .set("server.host=0.0.0.0")
                        .set("server.tokens=[{name: ops, token: abcdefghijklmnopq, scopes: [admin]}]")
                        .problems())
                .isEmpty();
        assertThat(new Loading(folder)
                        .set("server.host=0.0.0.0")
                        .set("server.tls.cert=chain.pem")
                        .set("server.tls.key=key.pem")
                        .problems())
                .isEmpty();
    }

    @Test
    void aShortTokenIsAWarningAndKeepsNobodyFromStarting() throws Exception {
        LoadedConfig loaded = new Loading(folder)
                .file("server: { tokens: [{ name: ops, token: abc, scopes: admin }] }")
                .load();

        assertThat(loaded.hasErrors()).isFalse();
        assertThat(loaded.problems()).extracting(Problem::severity).containsExactly(Problem.Severity.WARNING);
    }
}
