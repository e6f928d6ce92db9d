package dev.patchbay.plugin.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.HttpReceiver;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.plugin.webhook.WebhookSettings.CallbackSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One account: verifies and takes in requests, and posts answers to its callback if it has one. */
final class WebhookChannel implements Channel, HttpReceiver {
    private final WebhookSettings settings;
    private final ChannelHost host;
    private final BodyReader reader;
    private final @Nullable Callback callback;
    private volatile boolean isClosed;

    private WebhookChannel(WebhookSettings settings, ChannelHost host, BodyReader reader, @Nullable Callback callback) {
        this.settings = settings;
        this.host = host;
        this.reader = reader;
        this.callback = callback;
    }

    static WebhookChannel open(String accountId, WebhookSettings settings, ChannelHost host) {
        var reader = new BodyReader(settings.scheme(), accountId, settings.fields(), new StrictJson());
        CallbackSettings to = settings.callback();
        if (to == null) {
            return new WebhookChannel(settings, host, reader, null);
        }
        var guard = new AddressGuard(settings.allowed(), InetAddress::getAllByName, to.timeout(), accountId);
        return new WebhookChannel(settings, host, reader, new Callback(accountId, to, guard, host));
    }

    @Override
    public HttpAnswer receive(HttpCall call) throws InterruptedException {
        if (!call.method().equals("POST")) {
            return Answers.error(405, "method_not_allowed", "only POST is understood here")
                    .with("Allow", "POST");
        }
        if (isClosed) {
            return Answers.later("shutting_down", "the channel is closed", Duration.ofSeconds(1));
        }
        Optional<String> forged = settings.verifier().problem(call, host.clock().instant());
        if (forged.isPresent()) {
            return Answers.error(401, "unauthorized", forged.get());
        }
        if (settings.scheme() == Scheme.GITHUB
                && call.header("x-github-event").filter("ping"::equals).isPresent()) {
            return Answers.ping();
        }
        try {
            return take(call);
        } catch (BadRequest unusable) {
            return Answers.error(400, "bad_request", String.valueOf(unusable.getMessage()));
        } catch (NotAccepted refusal) {
            return Answers.notAccepted(refusal);
        }
    }

    @Override
    public DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
        return callback == null ? new Refused("this account has no callback") : callback.post(message);
    }

    @Override
    public void close() {
        isClosed = true;
        if (callback != null) {
            callback.close();
        }
    }

    private HttpAnswer take(HttpCall call) throws BadRequest, NotAccepted, InterruptedException {
        String raw = StrictJson.text(call.body());
        JsonNode body = reader.json(raw);
        if (settings.scheme() == Scheme.SLACK
                && body.path("type").asText().equals("url_verification")
                && body.path("challenge").isTextual()) {
            return HttpAnswer.text(200, body.path("challenge").asText());
        }
        InboundMessage message = reader.message(call, raw, body);
        Duration wait = settings.replyTimeout();
        return wait == null
                ? Answers.stored(host.receive(message))
                : Answers.answered(host.receiveAndWait(message, wait));
    }
}
