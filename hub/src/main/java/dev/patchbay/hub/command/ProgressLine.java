package dev.patchbay.hub.command;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/** One line at the terminal that changes while long work goes on; nothing where no person looks. One thread. */
final class ProgressLine implements AutoCloseable {
    private static final long SHOW_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final PrintStream err;
    private final boolean isShown;
    private final long begun = System.nanoTime();
    private long shownAt = begun;
    private int width;

    ProgressLine(Surroundings surroundings) {
        this.err = surroundings.err();
        this.isShown = surroundings.isErrTerminal();
    }

    void at(String step, long done, long of) {
        long now = System.nanoTime();
        if (!isShown || now - shownAt < SHOW_EVERY_NANOS) {
            return;
        }
        shownAt = now;
        String line = step + " " + (of > 0 ? done * 100 / of + " %" : amount(step, done));
        err.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        err.flush();
        width = line.length();
    }

    @Override
    public void close() {
        if (width > 0) {
            err.print("\r" + " ".repeat(width) + "\r");
            err.flush();
        }
    }

    private static String amount(String step, long done) {
        return step.equals("copying") ? done / 1_000_000 + " MB" : Long.toString(done);
    }
}
