package dev.patchbay.hub;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been opened, to be closed in the reverse order; one that fails to close does not keep the others open. */
final class Closing {
    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private record Open(String name, Runnable close) {}

    private final Deque<Open> open = new ArrayDeque<>();

    <T extends AutoCloseable> T add(String name, T opened) {
        return add(name, opened, each -> {
            try {
                each.close();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    <T> T add(String name, T opened, Consumer<T> close) {
        open.push(new Open(name, () -> close.accept(opened)));
        return opened;
    }

    void closeAll() {
        while (!open.isEmpty()) {
            Open each = open.pop();
            try {
                each.close().run();
            } catch (RuntimeException | Error failed) {
                log.error("{} did not close well", each.name(), failed);
            }
        }
    }
}
