package dev.patchbay.plugin.telegram;

import dev.patchbay.plugin.telegram.TelegramSettings.Webhook;
import java.time.Duration;
import okhttp3.HttpUrl;
import org.telegram.telegrambots.meta.api.methods.GetMe;
import org.telegram.telegrambots.meta.api.methods.updates.SetWebhook;

/** The server comes to us: tells it where we are, and looks from time to time whether it would still let us answer. */
final class WebhookWay implements Link.Way {
    private static final Duration CALL_MAX = Duration.ofSeconds(10);
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(20);

    private final BotApi api;
    private final String accountId;
    private final Webhook webhook;
    private final Pause pause;

    WebhookWay(BotApi api, String accountId, Webhook webhook, Pause pause) {
        this.api = api;
        this.accountId = accountId;
        this.webhook = webhook;
        this.pause = pause;
    }

    @Override
    public void prepare() throws ApiTrouble, InterruptedException {
        HttpUrl base = webhook.publicUrl();
        if (base == null) {
            return;
        }
        HttpUrl here = base.newBuilder()
                .addPathSegment("telegram")
                .addPathSegment(accountId)
                .build();
        var set = SetWebhook.builder()
                .url(here.toString())
                .secretToken(webhook.secret())
                .allowedUpdates(UpdateReader.KINDS)
                .build();
        api.send(client -> client.executeAsync(set), CALL_MAX);
    }

    @Override
    public void round(BotName bot, boolean isFirst, Runnable works) throws ApiTrouble, InterruptedException {
        api.call(new GetMe(), CALL_MAX);
        works.run();
        pause.of(BETWEEN_CHECKS);
    }
}
