package dev.patchbay.hub.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.config.HubConfig.AgentConfig;
import dev.patchbay.hub.config.HubConfig.ChannelConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PluginSchemaTest {
    private static final PluginSchema SCHEMA = PluginSchema.of("""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "properties": {
            "url": { "type": "string", "format": "uri" },
            "verify": { "enum": ["none", "token", "github"], "default": "none" },
            "wait": { "type": "string", "format": "duration" },
            "size": { "type": "string", "format": "size" },
            "retries": { "type": "integer", "minimum": 0, "maximum": 10 },
            "ratio": { "type": "number", "minimum": 0.5 },
            "loud": { "type": "boolean" },
            "secret": { "type": "string", "minLength": 4, "pattern": "^whsec_", "description": "write whsec_…" },
            "pin": { "type": "integer", "writeOnly": true },
            "ids": { "type": "array", "items": { "type": "string", "pattern": "^[0-9]+$" }, "maxItems": 3 },
            "peer": { "anyOf": [ { "type": "string" }, { "$ref": "#/$defs/peer" } ] },
            "callback": { "type": "object", "properties": { "url": { "type": "string" } }, "required": ["url"] },
            "fields": { "type": "object", "additionalProperties": { "type": "string" } }
          },
          "required": ["url"],
          "$defs": { "peer": { "type": "object", "properties": { "id": {}, "kind": {} }, "required": ["id"] } }
        }\
        """);

    private final Path folder;

    PluginSchemaTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void whatFitsHasNoProblems() throws Exception {
        assertThat(check("""
            url: "https://host/path"
            verify: github
            wait: 5s
            size: 1MB
            retries: 3
            ratio: 0.75
            loud: false
            secret: whsec_x
            pin: 1234
            ids: ["1", 2]
            peer: { id: 7 }
            callback: { url: x }
            fields: { any: thing }
            """)).isEmpty();
        assertThat(check("url: \"https://host\"\nids: 5\npeer: someone\nretries: \"\"\nsecret:\n"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "urll: x ~ urll: unknown key; did you mean url?",
                "timeot: 5s ~ timeot: unknown key; did you mean timeout?",
                "url: nowhere ~ url: \"nowhere\" is no address; write for instance https://example.org/path",
                "verify: gitub ~ verify: \"gitub\" is not known; did you mean github?",
                "wait: 5 ~ wait: \"5\" is no duration with a unit; write for instance 30s",
                "size: 5 ~ size: \"5\" is no size with a unit; write for instance 10MB",
                "retries: many ~ retries: \"many\" is not a whole number; see the plugin's documentation",
                "retries: 11 ~ retries: \"11\" is out of range; write 0 to 10",
                "ratio: 0.1 ~ ratio: \"0.1\" is out of range; write at least 0.5",
                "loud: yes ~ loud: \"yes\" is not true or false; see the plugin's documentation",
                "secret: s3cret ~ secret: \"***\" does not look right; write whsec_…",
                "pin: s3cret ~ pin: the value is not a whole number; see the plugin's documentation",
                "ids: [a] ~ ids.0: \"a\" does not look right; write what matches ^[0-9]+$",
                "ids: [1, 2, 3, 4] ~ ids: too many entries; list at most 3",
                "ids: { a: 1 } ~ ids: takes a list; see the plugin's documentation",
                "peer: { kind: direct } ~ peer: fits none of the forms that are allowed here; see the plugin's"
                        + " documentation",
                "callback: {} ~ callback: url is missing; write url: VALUE",
                "callback: { url: x, urls: y } ~ callback.urls: unknown key; did you mean url?",
                "callback: x ~ callback: \"x\" is not a section with keys; see the plugin's documentation",
                "fields: { a: [1] } ~ fields.a: takes a single value; see the plugin's documentation",
            })
    void whatDoesNotFitIsNamedAtItsLine(String line, String problem) throws Exception {
        String url = line.startsWith("url: ") ? "" : "url: \"https://host\"\n";

        assertThat(check(line + "\n" + url)).containsExactly("hub.yaml:4: agents.main." + problem);
    }

    @Test
    void aMissingKeyIsReportedAtTheSection() throws Exception {
        assertThat(check("url: \"\"\n")).containsExactly("hub.yaml:2: agents.main: url is missing; write url: VALUE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"if\": {}}",
                "{\"type\": \"text\"}",
                "{\"properties\": {\"a\": {\"patternProperties\": {}}}}",
                "{\"pattern\": \"(\"}",
                "{\"$ref\": \"https://elsewhere/\"}",
                "{\"items\": {\"$ref\": \"#/$defs/none\"}}",
            })
    void aSchemaThatIsNotUnderstoodIsRefusedRatherThanSkipped(String schema) {
        assertThatThrownBy(() -> PluginSchema.of(schema))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema");
    }

    @Test
    void aSchemaThatRefersToItselfComesToAnEnd() {
        PluginSchema loop = PluginSchema.of("{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"$ref\": \"#/$defs/a\"}}}");

        assertThat(loop.check(Settings.EMPTY, "agents.main", new Places("hub.yaml")))
                .isEmpty();
    }

    @Test
    void whatPluginsFindIsReportedWithTheRestInTheOrderOfTheFile() throws Exception {
        LoadedConfig loaded = new Loading(folder).file("""
            agents:
              main: { type: echo, colour: red }
            channels:
              webhook:
                accounts:
                  shop:
                    secret: ""
            delivery: { attempts: 0 }
            """).load().checkedBy(new SettingsCheck() {
            @Override
            public List<Problem> agent(AgentConfig agent, Places places) {
                return PluginSchema.of("{\"properties\": {}}")
                        .check(agent.settings(), SettingsCheck.keyOf(agent), places);
            }

            @Override
            public List<Problem> channel(ChannelConfig channel, Places places) {
                return channel.accounts().keySet().stream()
                        .filter(id -> id.equals("shop"))
                        .flatMap(id -> places
                                .located(
                                        SettingsCheck.keyOf(channel, id),
                                        List.of(new SettingProblem("secret", "is missing", "write one")))
                                .stream())
                        .toList();
            }
        });

        assertThat(loaded.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "hub.yaml:2: agents.main.colour: unknown key; known here: type, timeout, max-concurrent,"
                                + " fallback, on-failure, failure-text, busy, breaker, price, budget, budget-text,"
                                + " heartbeat, tenant",
                        "hub.yaml:7: channels.webhook.accounts.shop.secret: is missing; write one",
                        "hub.yaml:8: delivery.attempts: \"0\" is out of range; write 1 to 1000");
    }

    private List<String> check(String settings) throws Exception {
        LoadedConfig loaded = new Loading(folder)
                .file("agents:\n  main:\n    type: echo\n" + settings.strip().indent(4))
                .load();
        AgentConfig agent = loaded.config().agents().get("main");
        assertThat(loaded.problems()).isEmpty();
        return agent == null
                ? List.of()
                : SCHEMA.check(agent.settings(), SettingsCheck.keyOf(agent), loaded.places()).stream()
                        .map(Problem::toString)
                        .toList();
    }
}
