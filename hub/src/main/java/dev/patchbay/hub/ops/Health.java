package dev.patchbay.hub.ops;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all parts side by side, each for at most a second. An answer serves everybody for a short while, so that asking often
 * costs nothing. Safe for many threads.
 */
public final class Health {
    private static final Logger log = LoggerFactory.getLogger(Health.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration FRESH = Duration.ofMillis(500);

    private final List<Asked> asked;
    private final Executor threads;
    private final Clock clock;
    private final ReentrantLock one = new ReentrantLock();
    private volatile @Nullable HealthReport latest;

    /** One source, and the question that is still under way. */
    private static final class Asked {
        final HealthSource source;

        @Nullable
        FutureTask<HealthPart> underWay;

        Asked(HealthSource source) {
            this.source = source;
        }
    }

    public Health(List<HealthSource> sources, Executor threads, Clock clock) {
        this.asked = sources.stream().map(Asked::new).toList();
        this.threads = threads;
        this.clock = clock;
    }

    /** The state of all parts, at most half a second old. Takes at most a little over a second. */
    public HealthReport report() throws InterruptedException {
        HealthReport known = fresh();
        if (known != null) {
            return known;
        }
        one.lockInterruptibly();
        try {
            known = fresh();
            if (known != null) {
                return known;
            }
            HealthReport asked = ask();
            latest = asked;
            return asked;
        } finally {
            one.unlock();
        }
    }

    private @Nullable HealthReport fresh() {
        HealthReport known = latest;
        boolean fresh = known != null
                && Duration.between(known.at(), clock.instant()).abs().compareTo(FRESH) < 0;
        return fresh ? known : null;
    }

    private HealthReport ask() throws InterruptedException {
        var questions = new ArrayList<FutureTask<HealthPart>>();
        for (Asked each : asked) {
            FutureTask<HealthPart> question = each.underWay;
            if (question == null) {
                question = new FutureTask<>(each.source::check);
                each.underWay = question;
                threads.execute(question);
            }
            questions.add(question);
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        var parts = new LinkedHashMap<String, HealthPart>();
        HealthStatus worst = HealthStatus.OK;
        for (int i = 0; i < questions.size(); i++) {
            HealthPart part = answer(asked.get(i), questions.get(i), end - System.nanoTime());
            parts.put(asked.get(i).source.name(), part);
            worst = worst.compareTo(part.status()) >= 0 ? worst : part.status();
        }
        Instant now = clock.instant();
        return new HealthReport(worst, now, Collections.unmodifiableMap(parts));
    }

    private static HealthPart answer(Asked asked, FutureTask<HealthPart> question, long nanos)
            throws InterruptedException {
        try {
            HealthPart part = question.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            asked.underWay = null;
            return part;
        } catch (TimeoutException late) {
            return new HealthPart(HealthStatus.DOWN, "no answer within " + PATIENCE.toMillis() + " ms", Map.of());
        } catch (ExecutionException failed) {
            asked.underWay = null;
            log.warn("The health of {} could not be told", asked.source.name(), failed.getCause());
            return new HealthPart(HealthStatus.DOWN, "the check failed; the log has the details", Map.of());
        }
    }
}
