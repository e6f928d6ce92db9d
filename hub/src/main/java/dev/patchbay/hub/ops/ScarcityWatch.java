package dev.patchbay.hub.ops;

import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks once a second at what can run out and says when it becomes scarce and when that is over: one line in the log, one event each,
 * and at most one of both in half a minute for each thing. Safe for many threads.
 */
public final class ScarcityWatch implements HealthSource {
    private static final Logger log = LoggerFactory.getLogger(ScarcityWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** Scarce for at least so long: what goes up and down would be told each time. */
    private static final Duration HOLD = Duration.ofSeconds(30);

    private static final double OVER_BELOW = 0.9;

    private final List<Scarce> things;
    private final Events events;
    private final World world;
    private final Map<String, Told> told = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();

    private record Told(Scarce thing, Instant since, String words) {}

    public ScarcityWatch(List<Scarce> things, Events events, World world) {
        this.things = List.copyOf(things);
        this.events = events;
        this.world = world;
    }

    /** Begins to look. Called once. */
    public void start() {
        world.alarm().at(world.clock().instant().plus(LOOK_EVERY), () -> {
            // A look that hangs on a slow disk is not joined by others.
            if (looking.compareAndSet(false, true)) {
                world.threads().execute(() -> {
                    try {
                        look();
                    } finally {
                        looking.set(false);
                    }
                });
            }
            start();
        });
    }

    /** Whether a thing is scarce. */
    public boolean isScarce(String name) {
        return told.containsKey(name);
    }

    @Override
    public String name() {
        return "resources";
    }

    /** What is scarce stands here; what is refused because of it makes another part degraded. */
    @Override
    public HealthPart check() {
        var words = new ArrayList<String>();
        Map<String, Object> warnings = new LinkedHashMap<>();
        boolean grave = false;
        for (Scarce each : things) {
            Told known = told.get(each.name());
            if (known != null) {
                words.add(known.words());
                warnings.put(each.name(), known.words());
                grave |= each.grave();
            }
        }
        Map<String, Object> facts = Map.of(
                "process_cpu",
                Math.round(Vitals.cpu() * 1_000) / 1_000.0,
                "open_files",
                Vitals.openFiles(),
                "max_files",
                Vitals.mostFiles(),
                "warnings",
                warnings);
        return new HealthPart(grave ? HealthStatus.DEGRADED : HealthStatus.OK, String.join("; ", words), facts);
    }

    void look() {
        Instant now = world.clock().instant();
        for (Scarce each : things) {
            try {
                look(each, now);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error unknown) {
                log.debug("How scarce {} is could not be told", each.name(), unknown);
            }
        }
    }

    private void look(Scarce thing, Instant now) throws InterruptedException {
        Scarce.Level level = thing.reading().get();
        Told known = told.get(thing.name());
        if (level.used() >= thing.warnFrom()) {
            told.put(thing.name(), new Told(thing, now, level.words()));
            if (known == null) {
                log.atLevel(thing.grave() ? Level.ERROR : Level.WARN)
                        .log("resource={} {}", thing.name(), level.words());
                tell(thing, "begins", level.words());
            }
        } else if (known != null
                && level.used() < thing.warnFrom() * OVER_BELOW
                && !now.isBefore(known.since().plus(HOLD))) {
            told.remove(thing.name());
            log.info("resource={} is not scarce any more", thing.name());
            tell(thing, "ends", level.words());
        }
    }

    private void tell(Scarce thing, String state, String words) throws InterruptedException {
        events.record(
                "resource.warning",
                Map.of(
                        "resource",
                        thing.name(),
                        "state",
                        state,
                        "severity",
                        thing.grave() ? "error" : "warning",
                        "detail",
                        words));
    }
}
