package dev.patchbay.plugin.telegram;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A call of the Bot API that did not do what it was to do. Its message holds no token. */
final class ApiTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    /** How far a call came. */
    enum Kind {
        /** No connection: the server knows nothing of it. */
        UNREACHED,
        /** It went out, and no whole answer came back: nobody knows whether it was done. */
        CUT,
        /** The server answered that it did not do it. */
        SAID
    }

    private final Kind kind;
    private final int code;
    private final String words;
    private final Duration retryAfter;
    private final @Nullable String movedTo;

    private ApiTrouble(Kind kind, int code, String words, Duration retryAfter, @Nullable String movedTo) {
        super(code == 0 ? words : code + " " + words);
        this.kind = kind;
        this.code = code;
        this.words = words;
        this.retryAfter = retryAfter;
        this.movedTo = movedTo;
    }

    static ApiTrouble unreached(String why) {
        return new ApiTrouble(Kind.UNREACHED, 0, why, Duration.ZERO, null);
    }

    static ApiTrouble cut(String why) {
        return new ApiTrouble(Kind.CUT, 0, why, Duration.ZERO, null);
    }

    /**
     * The server's refusal.
     *
     * @param movedTo the id of the supergroup that the chat has become, or null
     */
    static ApiTrouble said(int code, String words, Duration retryAfter, @Nullable String movedTo) {
        return new ApiTrouble(Kind.SAID, code, words, retryAfter, movedTo);
    }

    Kind kind() {
        return kind;
    }

    /** The error code of the API, or the status of an answer that is no JSON; 0 unless the server {@link Kind#SAID} something. */
    int code() {
        return code;
    }

    /** The server's wish, zero if it has none. */
    Duration retryAfter() {
        return retryAfter;
    }

    @Nullable
    String movedTo() {
        return movedTo;
    }

    /** True if the server's words hold these, in whatever case. */
    boolean says(String part) {
        return kind == Kind.SAID && words.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    /** True if the token is not, or no longer, one of a bot. A 404 that is not in Telegram's words is that of a proxy on the way. */
    boolean isTokenRefused() {
        return code == 401 || (code == 404 && says("not found"));
    }

    /** True if the server would not do this one call, which says nothing about others: it may not know the method. */
    boolean isOfThisCallAlone() {
        return kind == Kind.SAID && code != 401 && code != 429;
    }
}
