package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.plugin.telegram.Incoming.Nothing;
import dev.patchbay.plugin.telegram.Incoming.Reacted;
import dev.patchbay.plugin.telegram.Incoming.Said;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes in what Telegram posts. 200 is the acknowledgement, so it comes after the message is stored. Safe for many threads. */
final class WebhookDoor {
    private static final Logger log = LoggerFactory.getLogger(WebhookDoor.class);
    private static final String SECRET = "x-telegram-bot-api-secret-token";

    private final ObjectMapper json = new ObjectMapper();
    private final byte[] secret;
    private final ChannelHost host;
    private final Intake intake;
    private final Albums albums;
    private final Supplier<BotName> bot;

    WebhookDoor(String secret, ChannelHost host, Intake intake, Albums albums, Supplier<BotName> bot) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
        this.host = host;
        this.intake = intake;
        this.albums = albums;
        this.bot = bot;
    }

    /** Goes on with what came in before the last stop. */
    void resume() throws InterruptedException {
        albums.resume();
    }

    HttpAnswer receive(HttpCall call) throws InterruptedException {
        if (!call.method().equals("POST")) {
            return HttpAnswer.text(405, "only POST is understood here").with("Allow", "POST");
        }
        byte[] given = call.header(SECRET).orElse("").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(secret, given)) {
            return HttpAnswer.text(401, "the secret token is missing or wrong");
        }
        JsonNode update;
        try {
            update = json.readTree(call.body());
        } catch (StreamConstraintsException notForUs) {
            // Nested thousands deep, for instance. A refusal would make Telegram send it again and again.
            log.warn("An update that no parser should touch was left out");
            return HttpAnswer.json(200, "{}");
        } catch (JsonProcessingException notJson) {
            return HttpAnswer.text(400, "the body is no JSON");
        } catch (IOException neverFromMemory) {
            throw new IllegalStateException(neverFromMemory);
        }
        try {
            take(update);
            return HttpAnswer.json(200, "{}");
        } catch (NotAccepted refused) {
            return switch (refused.reason()) {
                case INVALID, TOO_LARGE -> {
                    // A refusal would make Telegram send it again and again, and hold back all that come after it.
                    log.warn(
                            "Update {} was left out: {}",
                            update.path("update_id").asText("?"),
                            refused.getMessage());
                    yield HttpAnswer.json(200, "{}");
                }
                default -> later(refused.retryAfter());
            };
        }
    }

    static HttpAnswer later(Duration wait) {
        return HttpAnswer.text(503, "not stored, try again").with("Retry-After", Long.toString(wait.toSeconds() + 1));
    }

    private void take(JsonNode update) throws NotAccepted, InterruptedException {
        Incoming what;
        try {
            what = UpdateReader.read(update, bot.get());
        } catch (RuntimeException | StackOverflowError fault) {
            log.error(
                    "Update {} cannot be read and was left out",
                    update.path("update_id").asText("?"),
                    fault);
            return;
        }
        switch (what) {
            case Nothing nothing -> intake.leave(nothing);
            case Reacted(var reactions) -> reactions.forEach(host::reacted);
            case Said said when said.album() != null -> albums.add(said);
            case Said said -> intake.take(said, null);
        }
    }
}
