package dev.patchbay.hub;

import dev.patchbay.hub.access.AccessRules;
import dev.patchbay.hub.access.Doorkeeper;
import dev.patchbay.hub.access.Pairings;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.channel.Channels;
import dev.patchbay.hub.channel.InboundPort;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.gateway.method.BindingMethods;
import dev.patchbay.hub.gateway.method.PairingMethods;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.memory.ByteBudget;
import dev.patchbay.hub.memory.HeapState;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.session.Bindings;
import dev.patchbay.hub.session.ChatCommands;
import dev.patchbay.hub.session.Conversations;
import dev.patchbay.hub.session.InboundDoor;
import dev.patchbay.hub.session.Inbox;
import dev.patchbay.hub.store.Store;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;

/** Builds what takes messages in: who may write, which agent is meant, and the session in which its turn runs. */
final class TalkRoom {
    /** What long messages may take together while their turns run, with all copies of them. */
    private static final double TURNS_OF_HEAP = 0.2;

    private final ChatCommands commands;
    private final Inbox inbox;
    private final Bindings bindings;
    private final Pairings pairings;
    private final InboundDoor door;
    private final Conversations conversations;

    /** What is needed for it. */
    record Means(
            Store store,
            Agents agents,
            Channels channels,
            Deliveries deliveries,
            Events events,
            Meters meters,
            HeapState heap) {}

    TalkRoom(LoadedConfig loaded, Means means, String version, World world) throws InterruptedException {
        HubConfig config = loaded.config();
        this.commands = new ChatCommands(
                means.store(), means.deliveries(), version, config.tenants(), Mapping.commands(config));
        this.inbox = new Inbox(
                means.store(),
                means.agents(),
                means.deliveries(),
                means.events(),
                means.meters(),
                world,
                new Inbox.Rules(
                        config.sessions().laneLimit(),
                        commands,
                        ByteBudget.ofHeap(TURNS_OF_HEAP),
                        means.heap(),
                        Mapping.manners(config)));
        this.bindings = new Bindings(
                means.store(),
                Checks.table(loaded),
                means.agents().ids(),
                config.tenants(),
                Mapping.routers(config),
                world.clock());
        List<AccessRules> rules = Mapping.accessRules(config);
        this.pairings = new Pairings(
                rules.stream()
                        .map(each -> new Pairings.Account(each.channel(), each.accountId()))
                        .toList(),
                new Pairings.Means(means.store(), means.deliveries(), means.events()),
                world.clock(),
                new SecureRandom());
        this.door = new InboundDoor(
                inbox,
                bindings,
                new Doorkeeper(rules, means.channels()::meetsStrangers, pairings, means.meters()),
                means.deliveries(),
                means.store(),
                world.clock(),
                world.failPoints());
        this.conversations = new Conversations(
                inbox, bindings, means.agents(), config.defaultAgent(), Mapping.dmScope(config), world.clock());
    }

    Inbox inbox() {
        return inbox;
    }

    /** How programs talk to agents. */
    Conversations conversations() {
        return conversations;
    }

    /** How channels hand in what they receive. */
    InboundPort port(AttachmentDesk files) {
        return new ChannelPort(door, commands, files);
    }

    /** Lets messages of channels in: everything stored has been taken up. */
    void openDoor() {
        door.open();
    }

    List<RpcMethod> methods() {
        return Stream.concat(new BindingMethods(bindings).all().stream(), new PairingMethods(pairings).all().stream())
                .toList();
    }
}
