package dev.patchbay.hub.channel;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.HttpReceiver;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A plugin that does what the test says: in each opening the next step of its script, after that all is well. */
final class ScriptedPlugin implements ChannelPlugin {

    /** What happens in {@code open} before the channel is there. */
    interface Step {
        void run(ChannelHost host) throws Exception;
    }

    /** What the channel does with a message. */
    interface Delivery {
        @Nullable
        DeliveryOutcome of(OutboundMessage message) throws Exception;
    }

    final String type;
    final Queue<Step> openings = new ArrayDeque<>();
    final LinkedBlockingQueue<ChannelHost> hosts = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Opened> channels = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Opened> closed = new LinkedBlockingQueue<>();
    final AtomicInteger tries = new AtomicInteger();
    volatile boolean configured = true;
    volatile boolean meetsStrangers;
    volatile String accountSchema = "{\"properties\":{\"token\":{\"type\":\"string\"}}}";
    volatile Delivery delivery = message -> new DeliveryOutcome.Delivered("r-" + message.deliveryId());
    volatile Callable<@Nullable HttpAnswer> http = () -> HttpAnswer.text(200, "hello");
    volatile Function<ChannelSettings, List<SettingProblem>> check = settings -> List.of();
    volatile Function<Settings, List<SettingProblem>> checkShared = shared -> List.of();
    volatile Callable<Boolean> closing = () -> true;

    ScriptedPlugin(String type) {
        this.type = type;
    }

    /** Waits until it is interrupted. */
    static void hang() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /** Waits as a plugin that does not know interrupts: until the latch opens. */
    static void hangStubbornly(CountDownLatch until) {
        boolean over = false;
        while (!over) {
            try {
                until.await();
                over = true;
            } catch (InterruptedException ignored) {
                // That is the point.
            }
        }
    }

    ChannelHost host() throws InterruptedException {
        ChannelHost host = hosts.poll(10, TimeUnit.SECONDS);
        if (host == null) {
            throw new AssertionError("not opened within 10 s");
        }
        return host;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public String accountSchema() {
        return accountSchema;
    }

    @Override
    public boolean meetsStrangers() {
        return meetsStrangers;
    }

    @Override
    public Optional<String> httpPath() {
        return Optional.of(type + "s");
    }

    @Override
    public boolean isConfigured(ChannelSettings settings) {
        return configured;
    }

    @Override
    public List<SettingProblem> check(ChannelSettings settings) {
        return check.apply(settings);
    }

    @Override
    public String channelSchema() {
        return "{\"type\":\"object\"}";
    }

    @Override
    public List<SettingProblem> checkShared(Settings shared) {
        return checkShared.apply(shared);
    }

    @Override
    public Channel open(ChannelSettings settings, ChannelHost host) throws Exception {
        tries.incrementAndGet();
        hosts.add(host);
        Step step;
        synchronized (openings) {
            step = openings.poll();
        }
        if (step != null) {
            step.run(host);
        }
        var opened = new Opened();
        channels.add(opened);
        return opened;
    }

    /** What {@code open} gave. */
    final class Opened implements Channel, HttpReceiver {
        @Override
        @SuppressWarnings("NullAway") // a plugin that breaks the contract
        public DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
            return sneaky(() -> delivery.of(message));
        }

        @Override
        @SuppressWarnings("NullAway") // a plugin that breaks the contract
        public HttpAnswer receive(HttpCall call) throws InterruptedException {
            return sneaky(http);
        }

        @Override
        public void close() {
            closed.add(this);
            try {
                closing.call();
            } catch (Exception thrown) {
                throw new IllegalStateException(thrown);
            }
        }

        private static <T extends @Nullable Object> T sneaky(Callable<T> work) throws InterruptedException {
            try {
                return work.call();
            } catch (InterruptedException | RuntimeException thrown) {
                throw thrown;
            } catch (Exception thrown) {
                throw new IllegalStateException(thrown);
            }
        }
    }
}
