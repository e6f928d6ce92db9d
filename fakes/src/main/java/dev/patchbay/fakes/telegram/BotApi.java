package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.http.Response;
import java.time.Duration;
import java.util.regex.Pattern;

/** The methods of the Bot API for one bot. Safe for use by many threads; calls are worked off one at a time, polls beside them. */
final class BotApi {
    private static final int POLL_SECONDS_MAX = 50;
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final Pattern COMMAND = Pattern.compile("[a-z0-9_]{1,32}");

    private final FakeBot bot;
    private final MessageCalls messages;

    /** @param remark Telegram's description of a success; empty if it gives none */
    private record Answer(JsonNode result, String remark) {}

    BotApi(FakeBot bot) {
        this.bot = bot;
        messages = new MessageCalls(bot);
    }

    Response answer(Call call, long arrivedNanos) throws InterruptedException {
        try {
            Answer answer = call.method().equals("getupdates") ? updates(call) : now(call, arrivedNanos);
            ObjectNode body = Json.object().put("ok", true);
            body.set("result", answer.result());
            if (!answer.remark().isEmpty()) {
                body.put("description", answer.remark());
            }
            return Response.json(200, body.toString());
        } catch (ApiError refused) {
            return refused.response();
        }
    }

    private Answer updates(Call call) throws InterruptedException {
        check();
        bot.updates.allow(call.json("allowed_updates"));
        ArrayNode updates = bot.updates.poll(
                call.number("offset").orElse(0L),
                call.number("limit", 100, 1, 100),
                Duration.ofSeconds(call.number("timeout", 0, 0, POLL_SECONDS_MAX)));
        synchronized (bot) {
            if (bot.isRevoked()) {
                throw unauthorized();
            }
        }
        return new Answer(updates, "");
    }

    private void check() {
        synchronized (bot) {
            if (bot.isRevoked()) {
                throw unauthorized();
            }
            bot.limiter.admitCall();
        }
    }

    static ApiError unauthorized() {
        return ApiError.of(401, "Unauthorized");
    }

    private Answer now(Call asked, long arrivedNanos) {
        Call call = Addresses.fetched(asked);
        synchronized (bot) {
            check();
            return switch (call.method()) {
                case "setwebhook" -> setWebhook(call, call.text("url").orElse(""));
                case "deletewebhook" -> setWebhook(call, "");
                default -> new Answer(result(call, arrivedNanos), "");
            };
        }
    }

    private JsonNode result(Call call, long arrivedNanos) {
        return switch (call.method()) {
            case "getme" -> me();
            case "getwebhookinfo" -> bot.webhook.info();
            case "getfile" -> bot.files.describe(call.text("file_id").orElse(""));
            case "answercallbackquery" -> answerQuery(call);
            case "setmycommands" -> setCommands(call);
            case "getmycommands" -> bot.commands(scope(call));
            case "deletemycommands" -> {
                bot.commands(scope(call), Json.array());
                yield Json.yes();
            }
            default -> messages.answer(call, arrivedNanos);
        };
    }

    private ObjectNode me() {
        return bot.json()
                .put("can_join_groups", true)
                .put("can_read_all_group_messages", true)
                .put("supports_inline_queries", false)
                .put("can_connect_to_business", false)
                .put("has_main_web_app", false);
    }

    private Answer setWebhook(Call call, String url) {
        if (!url.isEmpty() && !url.startsWith("http://127.0.0.1:") && !url.startsWith("https://127.0.0.1:")) {
            // The real one wants https to a public address; this one never leaves the machine.
            throw ApiError.bad("bad webhook: an address on 127.0.0.1 must be provided for webhook");
        }
        String secret = call.text("secret_token").orElse("");
        if (!secret.isEmpty() && !SECRET.matcher(secret).matches()) {
            throw ApiError.bad("secret token contains unallowed characters");
        }
        if (call.flag("drop_pending_updates")) {
            bot.updates.dropAll();
        }
        bot.updates.allow(call.json("allowed_updates"));
        boolean isNew = bot.webhook.set(url, secret, call.number("max_connections", 40, 1, 100));
        String done = url.isEmpty() ? "deleted" : "set";
        return new Answer(Json.yes(), "Webhook " + (isNew ? "was " : "is already ") + done);
    }

    private JsonNode answerQuery(Call call) {
        if (!bot.answer(
                call.text("callback_query_id").orElse(""), call.text("text").orElse(""))) {
            throw ApiError.bad("query is too old and response timeout expired or query ID is invalid");
        }
        return Json.yes();
    }

    private JsonNode setCommands(Call call) {
        JsonNode list = call.json("commands").orElseThrow(() -> ApiError.bad("parameter \"commands\" is required"));
        if (list.size() > 100) {
            throw ApiError.bad("BOT_COMMANDS_TOO_MUCH");
        }
        for (JsonNode each : list) {
            if (!COMMAND.matcher(each.path("command").asText()).matches()) {
                throw ApiError.bad("BOT_COMMAND_INVALID");
            }
            int length = each.path("description").asText().length();
            if (length < 1 || length > 256) {
                throw ApiError.bad("BOT_COMMAND_DESCRIPTION_INVALID");
            }
        }
        bot.commands(scope(call), list);
        return Json.yes();
    }

    private static String scope(Call call) {
        String scope = call.text("scope").orElse("");
        String language = call.text("language_code").orElse("");
        return (scope.contains("\"default\"") ? "" : scope) + language;
    }
}
