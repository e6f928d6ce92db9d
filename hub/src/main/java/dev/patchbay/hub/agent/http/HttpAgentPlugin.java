package dev.patchbay.hub.agent.http;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.attachment.AttachmentDesk;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * {@code type: http}: asks a service of the operator's by POST. The address is configuration, not something a peer could choose,
 * so every host is allowed, this machine too.
 */
public final class HttpAgentPlugin implements AgentPlugin {
    private static final int HISTORY_LIMIT = 20;
    private static final int HISTORY_LIMIT_MAX = 1_000;
    private static final int RETRIES_MAX = 10;

    private final Clock clock;
    private final AttachmentDesk files;
    private final SharedHttpClient client;

    /**
     * Makes the plugin; costs nothing until the first turn.
     *
     * @param clock for the time in signatures
     * @param threads makes the virtual threads of the HTTP client
     * @param files where attachments are linked to, and where those in answers are kept
     */
    public HttpAgentPlugin(Clock clock, ThreadFactory threads, AttachmentDesk files) {
        this.files = files;
        this.clock = clock;
        client = new SharedHttpClient(threads);
    }

    @Override
    public String type() {
        return "http";
    }

    @Override
    public String settingsSchema() {
        return """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "type": "object",
              "properties": {
                "url": {"type": "string", "description": "where to POST a turn; http or https"},
                "secret": {"type": "string", "description": "signs every call per Standard Webhooks: whsec_ and Base64"},
                "history-limit": {"type": "integer", "minimum": 0, "maximum": 1000, "default": 20},
                "retries": {"type": "integer", "minimum": 0, "maximum": 10, "default": 0}
              },
              "required": ["url"],
              "additionalProperties": false
            }\
            """;
    }

    @Override
    public List<SettingProblem> check(Settings settings) {
        var problems = new ArrayList<SettingProblem>();
        wrongUrl(settings.text("url", ""))
                .ifPresent(what -> problems.add(
                        new SettingProblem("url", what, "write for instance http://127.0.0.1:9000/reply")));
        settings.text("secret").ifPresent(secret -> {
            if (StandardWebhookSigner.key(secret).isEmpty()) {
                problems.add(new SettingProblem(
                        "secret", "is no Base64", "write whsec_ followed by 24 to 64 random bytes in Base64"));
            }
        });
        return problems;
    }

    @Override
    public Agent open(String agentId, Settings settings) {
        for (SettingProblem problem : check(settings)) {
            throw new IllegalArgumentException(problem.key() + " " + problem.message() + "; " + problem.cure());
        }
        var endpoint = new HttpAgent.Endpoint(
                URI.create(settings.text("url", "")),
                settings.text("secret")
                        .flatMap(StandardWebhookSigner::key)
                        .map(key -> new StandardWebhookSigner(key, clock)),
                (int) settings.number("history-limit", HISTORY_LIMIT, 0, HISTORY_LIMIT_MAX),
                (int) settings.number("retries", 0, 0, RETRIES_MAX));
        client.enter();
        return new HttpAgent(endpoint, client, files);
    }

    private static Optional<String> wrongUrl(String text) {
        if (text.isEmpty()) {
            return Optional.of("is missing");
        }
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException noUrl) {
            return Optional.of("is no URL");
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.of("is neither http nor https");
        }
        if (url.getHost() == null) {
            return Optional.of("names no host");
        }
        return url.getRawUserInfo() == null
                ? Optional.empty()
                : Optional.of("holds a user or a password, which would not be sent");
    }
}
