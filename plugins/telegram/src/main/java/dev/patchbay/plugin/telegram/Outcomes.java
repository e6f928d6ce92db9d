package dev.patchbay.plugin.telegram;

import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import java.time.Duration;

/** What trouble means for a message. */
final class Outcomes {
    /** Once the account has been seen to fail, nothing is sent anyway; after a restart with a better token this is waited for. */
    private static final Duration UNTIL_SOMEBODY_ACTS = Duration.ofSeconds(5);

    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);

    private Outcomes() {}

    static DeliveryOutcome of(ApiTrouble trouble) {
        String words = String.valueOf(trouble.getMessage());
        return switch (trouble.kind()) {
            case UNREACHED -> new RetryLater(words, Duration.ZERO);
            case CUT -> new Unknown(words);
            case SAID -> said(trouble, words);
        };
    }

    private static DeliveryOutcome said(ApiTrouble trouble, String words) {
        Duration asked = trouble.retryAfter();
        return switch (trouble.code()) {
            // It is the bot that has to wait, whichever chat it was about.
            case 429 -> new Paced(words, asked.compareTo(PAUSE_MIN) < 0 ? PAUSE_MIN : asked, Paced.Scope.ACCOUNT);
            // Not the message's fault: it waits for a token that works, and is not given up over it.
            case 401 -> new Paced("token refused: " + words, UNTIL_SOMEBODY_ACTS, Paced.Scope.ACCOUNT);
            case 408, 409, 425 -> new RetryLater(words, asked);
            default ->
                trouble.code() >= 400 && trouble.code() < 500 ? new Refused(words) : new RetryLater(words, asked);
        };
    }
}
