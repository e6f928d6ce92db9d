package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does each of its works again and again, side by side. */
final class Busy implements SteadyTraffic.Disturbance {
    private final List<Work> works;
    private final Duration calmDown;
    private final List<Thread> threads = new ArrayList<>();
    private AtomicBoolean isOver = new AtomicBoolean();

    /** Something that takes a short while; what it throws ends its repetition. */
    interface Work {
        void once() throws Exception;
    }

    /**
     * Idle until it begins.
     *
     * @param calmDown how long what it has caused may go on after its end
     */
    Busy(List<Work> works, Duration calmDown) {
        this.works = works;
        this.calmDown = calmDown;
    }

    @Override
    public void begin() {
        var over = new AtomicBoolean();
        isOver = over;
        for (Work work : works) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    while (!over.get()) {
                        work.once();
                    }
                } catch (Exception gone) {
                    over.set(true);
                }
            }));
        }
    }

    @Override
    public void end() throws Exception {
        isOver.set(true);
        for (Thread each : threads) {
            assertThat(each.join(Duration.ofSeconds(60))).isTrue();
        }
        threads.clear();
        Bounded.pass(calmDown);
    }
}
