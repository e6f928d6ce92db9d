package dev.patchbay.hub.store;

import java.nio.file.Path;
import java.util.concurrent.Executors;

/** A process of its own that accepts messages and prints the ids of those that were acknowledged, until it is killed. */
final class AcceptingChild {
    private AcceptingChild() {}

    public static void main(String[] arguments) throws Exception {
        Store store = TestStores.temporary(Path.of(arguments[0]));
        String round = arguments[1];
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 32; caller++) {
                String name = round + "-" + caller;
                threads.execute(() -> walk(store, name));
            }
        }
    }

    private static void walk(Store store, String name) {
        try {
            for (int i = 0; ; i++) {
                String id = name + "-" + i;
                store.accept(Samples.message(id));
                boolean turnEnded = i % 2 == 0;
                if (turnEnded) {
                    store.completeTurn(Samples.turn(id, name));
                }
                synchronized (System.out) {
                    System.out.println(id + (turnEnded ? " ended" : " accepted"));
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
