package dev.patchbay.hub.channel;

import dev.patchbay.api.Answer;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.Command;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Note;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Receipt;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.SequenceRange;
import dev.patchbay.hub.store.Store;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Channels with everything around them: time that the test moves, news that the test can wait for, an inbound door that notes. */
final class Switchboard implements InboundPort, AutoCloseable {
    final TestWorld time = new TestWorld();
    final Events events = new Events(emptyStore(), time.clock());
    final List<String> received = new CopyOnWriteArrayList<>();
    final Map<String, String> notes = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<HubEvent> news = new LinkedBlockingQueue<>();
    private final List<AccountSpec> accounts = new ArrayList<>();
    private @Nullable Channels channels;

    Switchboard() throws InterruptedException {
        events.subscribe(Events.Filter.ALL, news::add);
    }

    Switchboard account(String channel, String accountId, Map<String, ?> settings) {
        return account(channel, accountId, settings, true);
    }

    Switchboard account(String channel, String accountId, Map<String, ?> settings, boolean enabled) {
        accounts.add(new AccountSpec(
                new ChannelSettings(channel, accountId, Settings.of(settings), Settings.EMPTY), enabled));
        return this;
    }

    Channels start(ScriptedPlugin... plugins) throws InterruptedException {
        Map<String, ChannelPlugin> byType =
                List.of(plugins).stream().collect(Collectors.toMap(ScriptedPlugin::type, plugin -> plugin));
        channels = new Channels(
                accounts, byType, ChannelLimits.DEFAULT, new Channels.Reports(events, Meters.NONE), world());
        channels.start(this);
        return channels;
    }

    /** Threads of their own kind: some of them are stuck for good, which the moving of time must not wait for. */
    World world() {
        return new World(time.clock(), time, task -> Thread.ofVirtual().start(task), new Random(1));
    }

    /** Waits, at most 10 s, until an account is said to be in a state, and gives the reason. */
    String awaitState(String channel, String state) throws InterruptedException {
        while (true) {
            HubEvent event = news.poll(10, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError(channel + " is not " + state + " within 10 s");
            }
            if (event.type().equals("channel.state")
                    && channel.equals(event.fields().get("channel"))
                    && state.equals(event.fields().get("state"))) {
                return event.fields().getOrDefault("last_error", "");
            }
        }
    }

    /** What was said of a channel and nobody has waited for yet. */
    List<String> statesOf(String channel) {
        var states = new ArrayList<String>();
        for (HubEvent event = news.poll(); event != null; event = news.poll()) {
            if (channel.equals(event.fields().get("channel"))) {
                states.add(event.fields().getOrDefault("state", ""));
            }
        }
        return states;
    }

    static InboundMessage hello() {
        return InboundMessage.from(Peer.direct("anna"), "hello").build();
    }

    OutboundMessage message(String id) {
        return OutboundMessage.of(id, Peer.direct("anna"), "hello", time.clock().instant());
    }

    @Override
    public void keep(String channel, String accountId, Note note) {
        notes.put(channel + " " + accountId + " " + note.name(), note.value());
    }

    @Override
    public Optional<String> note(String channel, String accountId, String name) {
        return Optional.ofNullable(notes.get(channel + " " + accountId + " " + name));
    }

    @Override
    public List<Command> commands(String channel, String accountId) {
        return List.of();
    }

    @Override
    public Attachments attachments() {
        return new NoAttachments();
    }

    @Override
    public Clock clock() {
        return time.clock();
    }

    @Override
    public Receipt receive(String channel, String accountId, InboundMessage message, Optional<Note> note) {
        note.ifPresent(each -> keep(channel, accountId, each));
        received.add(channel + " " + accountId + " " + message.text());
        return new Receipt("m" + received.size(), false);
    }

    @Override
    public Answer receiveAndWait(String channel, String accountId, InboundMessage message, Duration wait) {
        return new Answer(
                receive(channel, accountId, message, Optional.empty()),
                Answer.Status.ANSWERED,
                message.text(),
                "agent:main:main");
    }

    @Override
    public void close() {
        if (channels != null) {
            channels.close();
        }
    }

    /** Only what passes is told here; nothing is ever stored. */
    private static Store emptyStore() {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sequence")) {
                        return new SequenceRange(0, 7);
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
