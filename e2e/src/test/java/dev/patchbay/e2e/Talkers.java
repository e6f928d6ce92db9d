package dev.patchbay.e2e;

import dev.patchbay.e2e.Conversation.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** One thread per conversation: it says the next number when the one before was acknowledged, and repeats what was not. */
final class Talkers implements AutoCloseable {
    /** Who has heard nothing for so many messages waits. */
    private static final int PATIENCE = 20;
    /** What a program repeats: queue full, internal, not stored, shutting down. */
    private static final Set<Integer> WORTH_REPEATING = Set.of(-32005, -32603, -32010, -32011);

    private final List<Conversation> conversations = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicReference<Rpc> hub = new AtomicReference<>();
    private final Lives lives;
    private final long seed;
    private volatile boolean isOver;

    /** Says one message; true when it was acknowledged. */
    interface Way {
        boolean say(int number, String text) throws IOException, InterruptedException;
    }

    Talkers(Lives lives, long seed) {
        this.lives = lives;
        this.seed = seed;
    }

    List<Conversation> conversations() {
        return conversations;
    }

    Conversation join(Kind kind) {
        var conversation = new Conversation(kind, lives);
        conversations.add(conversation);
        return conversation;
    }

    /** Begins to talk as soon as there is a hub. */
    void talk(Conversation conversation, Way way) {
        var random = new Random(seed + conversations.indexOf(conversation));
        var unused = threads.submit(() -> {
            while (!isOver) {
                if (hub.get() != null && conversation.said() - conversation.arrived() < PATIENCE) {
                    speak(conversation, way);
                }
                Bounded.pass(Duration.ofMillis(20 + random.nextInt(80)));
            }
            return null;
        });
    }

    /** Does something now and then, until all is closed. */
    void every(Duration time, Runnable what) {
        var unused = watchers.submit(() -> {
            while (!watchers.isShutdown()) {
                what.run();
                Bounded.pass(time);
            }
            return null;
        });
    }

    /** From now on this hub is the one that they reach. */
    void turnTo(Rpc rpc) {
        hub.set(rpc);
    }

    Rpc hub() {
        return Objects.requireNonNull(hub.get());
    }

    /** They end what they are about to say, repeats included, and say no more; false if that takes too long. */
    boolean fallSilent(Duration limit) throws InterruptedException {
        isOver = true;
        threads.shutdown();
        return threads.awaitTermination(limit.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        isOver = true;
        threads.shutdownNow();
        watchers.shutdownNow();
    }

    private static void speak(Conversation conversation, Way way) throws InterruptedException {
        int number = conversation.next();
        String text = Numbered.text(number, conversation.kind.mayBeLong());
        while (!isAcknowledged(conversation, way, number, text)) {
            Bounded.pass(Duration.ofMillis(20));
        }
    }

    private static boolean isAcknowledged(Conversation conversation, Way way, int number, String text)
            throws InterruptedException {
        try {
            boolean isTaken = way.say(number, text);
            if (isTaken) {
                conversation.acknowledged();
            }
            return isTaken;
        } catch (Rpc.RpcError refused) {
            if (!WORTH_REPEATING.contains(refused.code)) {
                conversation.violated(refused.toString());
                Bounded.pass(Duration.ofSeconds(1));
            }
            return false;
        } catch (IOException down) {
            return false;
        }
    }
}
