package dev.patchbay.hub.simulation;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Channel;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.access.AccessRules;
import dev.patchbay.hub.access.Doorkeeper;
import dev.patchbay.hub.access.Pairings;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.IdentityLinks;
import dev.patchbay.hub.routing.Router;
import dev.patchbay.hub.session.Bindings;
import dev.patchbay.hub.session.ChatCommands;
import dev.patchbay.hub.session.InboundDoor;
import dev.patchbay.hub.session.Inbox;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.tenant.Tenants;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** One life of the hub: the real classes on simulated ground, wired as the assembly wires them. */
final class Core {
    private final Inbox inbox;
    private final Deliveries deliveries;
    private final InboundDoor door;
    private final Ground ground;

    /** What the hub stands on. */
    record Ground(
            Life life, Store store, Plan plan, List<Platform> platforms, ScriptedAgents agents, Sabotage sabotage) {}

    /** Starts a hub on what is stored. Blocks; for a thread of its life. */
    Core(Ground ground, Outlets outlets, long seed) throws InterruptedException {
        this.ground = ground;
        Store store = ground.sabotage().ofStore(ground.store());
        Plan plan = ground.plan();
        World world = ground.life().world(seed);
        var events = new Events(store, world.clock());
        Agents agents = Agents.open(
                ScriptedAgents.specs(plan.agents),
                Map.of(ScriptedAgents.TYPE, ground.agents()),
                Meters.NONE,
                world,
                ground.life().threads());
        deliveries =
                new Deliveries(store, outlets, channel -> plan.policy, Attachment::url, events, Meters.NONE, world);
        var commands = new ChatCommands(
                store, deliveries, "simulated", Tenants.one("main"), (channel, account) -> plan.stops > 0);
        inbox = new Inbox(
                store,
                agents,
                deliveries,
                events,
                Meters.NONE,
                world,
                new Inbox.Rules(plan.laneLimit, commands, plan.manners()));
        var bindings = new Bindings(
                store,
                BindingTable.EMPTY,
                agents.ids(),
                table -> new Router(table, ScriptedAgents.MAIN, plan.dmScope, IdentityLinks.NONE),
                world.clock());
        var pairings =
                new Pairings(List.of(), new Pairings.Means(store, deliveries, events), world.clock(), new Random(seed));
        List<AccessRules> rules = ground.platforms().stream()
                .map(each -> AccessRules.of(each.channel, Platform.ACCOUNT, Settings.of(Map.of("dm-policy", "open"))))
                .toList();
        var doorkeeper = new Doorkeeper(rules, (channel, account) -> true, pairings, Meters.NONE);
        door = new InboundDoor(inbox, bindings, doorkeeper, deliveries, store, world.clock());
        deliveries.start();
        inbox.start();
        door.open();
    }

    InboundDoor door() {
        return door;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    /** As on SIGTERM; false if something was still under way when the time was over. */
    boolean drain(Duration wait) throws InterruptedException {
        boolean turnsEnded = inbox.drain(wait);
        boolean attemptsEnded = deliveries.drain(wait);
        return turnsEnded && attemptsEnded;
    }

    /** Hands in a message of a platform; what the hub says to it. */
    void receive(Platform platform, InboundMessage message, Optional<Note> note)
            throws NotAccepted, InterruptedException {
        switch (ground.sabotage()) {
            case ACKNOWLEDGES_FIRST ->
                ground.life().execute(() -> {
                    try {
                        receiveAnyway(platform, message, note);
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                });
            case ACKNOWLEDGES_ANYWAY -> receiveAnyway(platform, message, note);
            default -> door.receive(platform.channel, Platform.ACCOUNT, message, note);
        }
    }

    private void receiveAnyway(Platform platform, InboundMessage message, Optional<Note> note)
            throws InterruptedException {
        try {
            door.receive(platform.channel, Platform.ACCOUNT, message, note);
        } catch (NotAccepted nobodyHears) {
            // That is what is wrong with it.
        }
    }

    /** The accounts of one life: each opens a while after the start. */
    static final class Accounts implements Outlets {
        private final Map<String, Platform> platforms = new HashMap<>();
        private final Map<String, Channel> open = new HashMap<>();

        private final Sabotage sabotage;

        Accounts(List<Platform> platforms, Sabotage sabotage) {
            this.sabotage = sabotage;
            platforms.forEach(each -> this.platforms.put(each.channel, each));
        }

        void open(Platform platform, Life hub) {
            open.put(platform.channel, platform.channel(hub, sabotage == Sabotage.SENDS_TWICE));
        }

        void close(Platform platform) {
            open.remove(platform.channel);
        }

        @Override
        public Optional<Traits> traits(String channel, String accountId) {
            return Optional.ofNullable(platforms.get(channel))
                    .map(Platform::traits)
                    .map(sabotage::ofTraits);
        }

        @Override
        public Optional<Channel> open(String channel, String accountId) {
            return Optional.ofNullable(open.get(channel));
        }
    }
}
