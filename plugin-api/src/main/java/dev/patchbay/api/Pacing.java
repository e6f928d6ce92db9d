package dev.patchbay.api;

import java.time.Duration;
import java.util.List;

/**
 * How fast a platform lets an account send. The hub keeps to it, slows down further when the platform asks for it, and remembers
 * that over restarts.
 *
 * @param account for all messages of the account together
 * @param direct for each direct peer
 * @param group for each group or channel, its threads together
 */
public record Pacing(List<Limit> account, List<Limit> direct, List<Limit> group) {
    /** As fast as it goes. */
    public static final Pacing NONE = new Pacing(List.of(), List.of(), List.of());

    /** One rule; several hold together. */
    public sealed interface Limit {
        /** At most {@code count} in any stretch of time as long as {@code per}. */
        record Window(int count, Duration per) implements Limit {
            public Window {
                check(count, per);
            }
        }

        /** {@code burst} at once, then one per {@code interval}; what is not used is saved up to {@code burst}. */
        record Bucket(int burst, Duration interval) implements Limit {
            public Bucket {
                check(burst, interval);
            }
        }

        private static void check(int count, Duration time) {
            if (count < 1 || count > 1_000 || time.toMillis() < 1 || time.toHours() > 24) {
                throw new IllegalArgumentException("a limit counts 1 to 1,000 in 1 ms to 24 h");
            }
        }
    }

    public Pacing {
        account = List.copyOf(account);
        direct = List.copyOf(direct);
        group = List.copyOf(group);
    }
}
