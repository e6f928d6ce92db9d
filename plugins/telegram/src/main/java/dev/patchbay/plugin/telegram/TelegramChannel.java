package dev.patchbay.plugin.telegram;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.Draft;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.HttpReceiver;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.plugin.telegram.TelegramSettings.ReplyMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.methods.botapimethods.BotApiMethod;
import org.telegram.telegrambots.meta.api.methods.send.SendChatAction;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.DeleteMessage;

/** One bot. */
final class TelegramChannel implements Channel, HttpReceiver {
    private static final Logger log = LoggerFactory.getLogger(TelegramChannel.class);
    private static final Duration FIRST_TRY = Duration.ofSeconds(3);
    private static final Duration COURTESY_MAX = Duration.ofSeconds(5);

    private final ChannelHost host;
    private final BotApi api;
    private final Courtesies courtesies;
    private final Pause pause;
    private final Link link;
    private final WayOut out;
    private final Texts texts;
    private final ReplyMode replyMode;
    private final @Nullable WebhookDoor door;

    private TelegramChannel(String accountId, TelegramSettings settings, ChannelHost host) {
        this.host = host;
        this.replyMode = settings.replyMode();
        this.api = new BotApi(accountId, settings.token(), settings.server(), settings.proxy());
        this.courtesies = new Courtesies(accountId, api, settings.ackReaction());
        this.pause = new Pause();
        this.texts = new Texts(api, settings.markdown());
        this.out =
                new WayOut(texts, new MediaMessages(api, host.attachments()), new Progress(host), settings.replyMode());
        var intake =
                new Intake(host, new FileFetch(api, host.attachments()), courtesies, settings.fetchesUnaddressed());
        var menu = new Menu(api, host, settings.commands());
        TelegramSettings.Webhook webhook = settings.webhook();
        if (webhook == null) {
            var poller = new Poller(api, host, intake, settings.pollTimeout(), pause);
            this.link = new Link(accountId, settings.botId(), api, host, menu, poller, pause);
            this.door = null;
        } else {
            var way = new WebhookWay(api, accountId, webhook, pause);
            this.link = new Link(accountId, settings.botId(), api, host, menu, way, pause);
            var albums = new Albums(accountId, host, intake, pause);
            this.door = new WebhookDoor(webhook.secret(), host, intake, albums, link::bot);
        }
    }

    static TelegramChannel open(String accountId, TelegramSettings settings, ChannelHost host)
            throws InterruptedException {
        var channel = new TelegramChannel(accountId, settings, host);
        try {
            if (channel.door != null) {
                channel.door.resume();
            }
            channel.link.start(FIRST_TRY);
            return channel;
        } catch (InterruptedException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    @Override
    public HttpAnswer receive(HttpCall call) throws InterruptedException {
        if (door == null) {
            return HttpAnswer.text(404, "this account is polled; write mode: webhook to take updates in here");
        }
        return pause.isClosed() ? WebhookDoor.later(Duration.ofSeconds(1)) : door.receive(call);
    }

    @Override
    public DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
        if (pause.isClosed()) {
            return new RetryLater("the account is closed", Duration.ZERO);
        }
        return watched(out.deliver(message));
    }

    @Override
    public void typing(Peer to, @Nullable String threadId) throws InterruptedException {
        Target target = Target.of(to, threadId, null);
        courtesy(SendChatAction.builder()
                .chatId(target.chat())
                .messageThreadId(target.thread())
                .action("typing")
                .build());
    }

    @Override
    public DeliveryOutcome draft(Draft draft) throws InterruptedException {
        boolean quotes = replyMode == ReplyMode.ALWAYS
                || (replyMode == ReplyMode.GROUPS && draft.to().kind() != Peer.Kind.DIRECT);
        try {
            Target target = Target.of(draft.to(), draft.threadId(), quotes ? draft.replyTo() : null);
            Integer shown = Target.messageId(target.chat(), draft.remoteId());
            return new Delivered(
                    shown == null ? texts.draft(target, draft.text()) : texts.redraft(target, shown, draft.text()));
        } catch (IllegalArgumentException nowhere) {
            return new Refused(String.valueOf(nowhere.getMessage()));
        } catch (ApiTrouble trouble) {
            return trouble.says("message is not modified") && draft.remoteId() != null
                    ? new Delivered(draft.remoteId())
                    : Outcomes.of(trouble);
        }
    }

    @Override
    public void retract(Draft draft) throws InterruptedException {
        Integer shown = Target.messageId(draft.to().id(), draft.remoteId());
        if (shown != null) {
            courtesy(DeleteMessage.builder()
                    .chatId(draft.to().id())
                    .messageId(shown)
                    .build());
        }
    }

    @Override
    public void close() {
        link.close();
        courtesies.close();
        api.close();
    }

    private void courtesy(BotApiMethod<?> method) throws InterruptedException {
        try {
            api.call(method, COURTESY_MAX);
        } catch (ApiTrouble trouble) {
            log.debug("{} failed: {}", method.getMethod(), trouble.getMessage());
        }
    }

    private DeliveryOutcome watched(DeliveryOutcome outcome) {
        if (outcome instanceof DeliveryOutcome.Paced(var reason, var _, var _) && reason.startsWith("token refused")) {
            host.report(Condition.FAILED, reason);
        }
        return outcome;
    }
}
