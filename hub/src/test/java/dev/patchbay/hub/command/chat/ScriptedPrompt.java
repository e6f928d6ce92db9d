package dev.patchbay.hub.command.chat;

import dev.patchbay.hub.command.screen.Colour;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Somebody at a terminal: types when told to, and sees what was shown. */
final class ScriptedPrompt implements Prompt {
    private final LinkedBlockingQueue<Optional<String>> typed = new LinkedBlockingQueue<>();
    private final StringBuilder seen = new StringBuilder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private volatile Runnable interrupt = () -> {};

    ScriptedPrompt type(String line) {
        typed.add(Optional.of(line));
        return this;
    }

    void leave() {
        typed.add(Optional.empty());
    }

    void pressCtrlC() {
        interrupt.run();
    }

    /** Waits until this has been shown. */
    void awaitSeen(String text) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(20);
            while (seen.indexOf(text) < 0) {
                left = more.awaitNanos(left);
                if (left <= 0) {
                    throw new AssertionError("\"" + text + "\" was not shown, but: " + seen);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    String seen() {
        lock.lock();
        try {
            return seen.toString();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<String> readLine() {
        try {
            Optional<String> line = typed.poll(20, TimeUnit.SECONDS);
            return line == null ? Optional.empty() : line;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void show(Colour colour, String lines) {
        add(lines + "\n");
    }

    @Override
    public void write(Colour colour, String piece) {
        add(piece);
    }

    @Override
    public void onInterrupt(Runnable action) {
        interrupt = action;
    }

    @Override
    public void close() {}

    private void add(String text) {
        lock.lock();
        try {
            seen.append(text);
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
