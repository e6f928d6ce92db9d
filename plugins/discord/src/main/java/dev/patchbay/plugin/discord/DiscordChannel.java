package dev.patchbay.plugin.discord;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.Draft;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import java.time.Duration;
import net.dv8tion.jda.internal.utils.JDALogger;
import org.jspecify.annotations.Nullable;

/** One Discord bot. */
final class DiscordChannel implements Channel {
    private final Api api;
    private final Health health;
    private final Lanes lanes;
    private final Gateway gateway;
    private final Outgoing outgoing;
    private volatile boolean isClosed;

    private DiscordChannel(Api api, Health health, Lanes lanes, Gateway gateway, Outgoing outgoing) {
        this.api = api;
        this.health = health;
        this.lanes = lanes;
        this.gateway = gateway;
        this.outgoing = outgoing;
    }

    /** Returns at once and connects in the background. */
    static DiscordChannel open(String accountId, DiscordSettings settings, ChannelHost host) {
        // JDA looks for a logger in our class loader, finds the hub's API without its back end, and would write to
        // stderr.
        JDALogger.setFallbackLoggerEnabled(false);
        String name = "discord-" + accountId;
        var api = new Api(settings.apiUrl(), settings.token(), settings.proxy());
        var health = new Health(host);
        var inside = new Messages.Inside(api, settings, host, health);
        var self = new Self();
        var places = new Places(api);
        var directChats = new DirectChats(api);
        var memory = new Memory(host);
        var messages = new Messages(inside, self, places, directChats, memory);
        var lanes = new Lanes(name);
        var sent = new SentLog();
        var intake = new Intake(
                lanes,
                self,
                places,
                messages,
                new History(inside, messages, memory),
                memory,
                new Interactions(api),
                new CommandMenu(api, settings, host, memory),
                sent);
        var gateway = new Gateway(name, api, settings, intake, health);
        var outgoing = new Outgoing(
                api,
                directChats,
                settings,
                host.attachments(),
                new Limits(System::nanoTime),
                new Reconciliation(api, sent, host.clock()),
                () -> health.failed(Gateway.tokenRefused()));
        health.disconnected("connecting to Discord");
        gateway.start();
        return new DiscordChannel(api, health, lanes, gateway, outgoing);
    }

    @Override
    public DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
        return isClosed ? new RetryLater("the account is closed", Duration.ZERO) : outgoing.deliver(message);
    }

    @Override
    public DeliveryOutcome reconcile(OutboundMessage message) throws InterruptedException {
        return outgoing.reconcile(message);
    }

    @Override
    public void typing(Peer to, @Nullable String threadId) throws InterruptedException {
        outgoing.typing(to, threadId);
    }

    @Override
    public DeliveryOutcome draft(Draft draft) throws InterruptedException {
        return isClosed ? new RetryLater("the account is closed", Duration.ZERO) : outgoing.draft(draft);
    }

    @Override
    public void retract(Draft draft) throws InterruptedException {
        outgoing.retract(draft);
    }

    @Override
    public void close() {
        isClosed = true;
        health.closed();
        gateway.close();
        lanes.close();
        api.close();
    }
}
