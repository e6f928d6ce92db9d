package dev.patchbay.plugin.discord;

import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import java.time.Duration;
import net.dv8tion.jda.api.utils.data.DataObject;

/** What Discord's answers mean for a delivery. */
final class Outcomes {
    /** How long deliveries rest when the token is refused: nothing about the message is wrong. */
    static final Duration WITHOUT_TOKEN = Duration.ofMinutes(1);

    private static final Duration AT_LEAST = Duration.ofMillis(1);

    private Outcomes() {}

    /** Of a request that creates or changes a message. */
    static DeliveryOutcome of(ApiAnswer answer) {
        if (!answer.isOk()) {
            return ofFailure(answer);
        }
        String id = answer.object().map(json -> json.getString("id", "")).orElse("");
        return id.isEmpty() ? new Unknown("HTTP " + answer.status() + " without a message") : new Delivered(id);
    }

    /** Of any other answer than success: the message was not taken. */
    static DeliveryOutcome ofFailure(ApiAnswer answer) {
        int status = answer.status();
        if (status == 429) {
            Duration pause = answer.retryAfter();
            return new Paced(
                    answer.words(),
                    pause.compareTo(AT_LEAST) < 0 ? Duration.ofSeconds(1) : pause,
                    answer.isGlobal() ? Paced.Scope.ACCOUNT : Paced.Scope.PEER);
        }
        if (status == 401) {
            return new Paced("Discord refuses the token", WITHOUT_TOKEN, Paced.Scope.ACCOUNT);
        }
        boolean isFinal = status >= 400 && status < 500 && status != 408 && answer.isDiscords();
        return isFinal ? new Refused(answer.words()) : new RetryLater(answer.words(), answer.retryAfter());
    }

    /** Of a request that creates or changes a message and was not answered. */
    static DeliveryOutcome of(ApiTrouble trouble) {
        return trouble.mayHaveArrived() ? new Unknown(reason(trouble)) : new RetryLater(reason(trouble), Duration.ZERO);
    }

    /** Of a request that comes before the message and was not answered. */
    static DeliveryOutcome before(ApiTrouble trouble) {
        return new RetryLater(reason(trouble), Duration.ZERO);
    }

    /** True if the message that was to be changed is gone. */
    static boolean isUnknownMessage(ApiAnswer answer) {
        return answer.status() == 404 && answer.object().map(Outcomes::code).orElse(0) == 10_008;
    }

    private static int code(DataObject json) {
        return json.getInt("code", 0);
    }

    private static String reason(ApiTrouble trouble) {
        return "no answer from Discord: " + trouble.getMessage();
    }
}
