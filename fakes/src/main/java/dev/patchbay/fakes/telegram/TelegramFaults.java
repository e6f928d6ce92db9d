package dev.patchbay.fakes.telegram;

import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.http.Request;
import dev.patchbay.fakes.http.Response;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which calls go wrong, and Telegram's own ways of it. The server's ways (500, a page of HTML, resets, silence) are those of
 * {@link Fault}.
 *
 * <pre>{@code
 * telegram.faults().next(2, method("sendMessage").and(chat(42)), tooManyRequests(3));
 * telegram.faults().every(10, method("sendMessage"), Fault.resetAfter());
 * }</pre>
 */
public final class TelegramFaults {
    private TelegramFaults() {}

    /** Calls of one method, of whichever bot; its case does not matter. */
    public static Predicate<Request> method(String name) {
        return request -> call(request)
                .filter(call -> call.method().equalsIgnoreCase(name))
                .isPresent();
    }

    /** Calls of one bot. */
    public static Predicate<Request> bot(FakeBot bot) {
        return request ->
                call(request).filter(call -> call.token().equals(bot.token())).isPresent();
    }

    /** Calls with this chat_id. */
    public static Predicate<Request> chat(long id) {
        return request -> call(request)
                .flatMap(call -> call.number("chat_id"))
                .filter(each -> each == id)
                .isPresent();
    }

    /** 401, as for a token that was taken back. {@link FakeBot#revoke} does it for good. */
    public static Fault unauthorized() {
        return fault(BotApi.unauthorized());
    }

    /** 403. {@link FakeChat#block} does it until it is unblocked. */
    public static Fault blocked() {
        return fault(ApiError.of(403, "Forbidden: bot was blocked by the user"));
    }

    /** 400, as for a chat that was deleted. */
    public static Fault chatNotFound() {
        return fault(ApiError.bad("chat not found"));
    }

    /** 409, as when somebody else polls with the same token. */
    public static Fault conflict() {
        return fault(ApiError.conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running"));
    }

    /**
     * 429 for this request alone; whether the bot obeys is not watched. {@link FakeBot#pause} and {@link FakeChat#pause} watch.
     *
     * @param seconds at least 1
     */
    public static Fault tooManyRequests(int seconds) {
        return fault(ApiError.tooMany(seconds));
    }

    /** 500 in Telegram's JSON. */
    public static Fault internalError() {
        return fault(ApiError.of(500, "Internal Server Error"));
    }

    /** 200 with something that is neither JSON nor HTML. */
    public static Fault garbage() {
        return Fault.answer(Response.json(200, "\u0000\u0001{\"ok\":tru"));
    }

    /** 200 with JSON that is not what was asked for. */
    public static Fault wrongShape() {
        return Fault.answer(Response.json(200, "{\"ok\":true,\"result\":{\"unexpected\":[1,2,3]}}"));
    }

    private static Fault fault(ApiError error) {
        return Fault.answer(error.response());
    }

    private static Optional<Call> call(Request request) {
        try {
            return Call.of(request);
        } catch (ApiError unreadable) {
            return Optional.empty();
        }
    }
}
