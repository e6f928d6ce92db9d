package dev.patchbay.hub.simulation;

import java.time.Duration;

/** Turns between calm and outage until the storm is over; both last as long as chance says. */
final class Weathercock {
    private final Timeline timeline;
    private final Life world;
    private final Chance chance;
    private final String what;
    private final Duration calm;
    private final Duration outage;
    private boolean isOut;
    private boolean isOver;
    private int outages;

    /** One that never turns if {@code calm} is zero. */
    Weathercock(Timeline timeline, Life world, Chance chance, String what, Duration calm, Duration outage) {
        this.timeline = timeline;
        this.world = world;
        this.chance = chance;
        this.what = what;
        this.calm = calm;
        this.outage = outage;
        if (calm.isPositive()) {
            next();
        }
    }

    boolean isOut() {
        return isOut;
    }

    int outages() {
        return outages;
    }

    /** From now on the weather is fine. */
    void clear() {
        isOver = true;
        isOut = false;
    }

    private void next() {
        Duration wait = chance.upTo((isOut ? outage : calm).multipliedBy(2));
        timeline.in(wait, world, () -> {
            if (!isOver) {
                isOut = !isOut;
                outages += isOut ? 1 : 0;
                timeline.event(what + (isOut ? " is out" : " is back"));
                next();
            }
        });
    }
}
