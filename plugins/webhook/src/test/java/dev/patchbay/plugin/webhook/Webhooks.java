package dev.patchbay.plugin.webhook;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.HttpReceiver;
import dev.patchbay.api.Settings;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Short ways to say what the tests of this plugin need. */
final class Webhooks {

    private Webhooks() {}

    static ChannelSettings settings(Map<String, ?> account) {
        return settings(account, "127.0.0.0/8");
    }

    static ChannelSettings settings(Map<String, ?> account, String... allowPrivate) {
        return new ChannelSettings(
                "webhook",
                "default",
                Settings.of(account),
                Settings.of(Map.of("allow-private", List.of(allowPrivate))));
    }

    static Channel open(Map<String, ?> account, ChannelHost host) {
        return new WebhookPlugin().open(settings(account), host);
    }

    static HttpCall call(String body, String... namesAndValues) {
        return call(body.getBytes(StandardCharsets.UTF_8), namesAndValues);
    }

    static HttpCall call(byte[] body, String... namesAndValues) {
        var headers = new HashMap<String, List<String>>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        return new HttpCall("POST", "/webhooks/default", headers, body);
    }

    static HttpAnswer post(Channel channel, HttpCall call) throws InterruptedException {
        return ((HttpReceiver) channel).receive(call);
    }

    static String body(HttpAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
