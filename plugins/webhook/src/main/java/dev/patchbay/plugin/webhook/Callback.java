package dev.patchbay.plugin.webhook;

import dev.patchbay.api.Attachments;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.plugin.webhook.WebhookSettings.CallbackSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Posts messages to the callback of one account, over connections that are kept. For many virtual threads at once. */
final class Callback implements AutoCloseable {
    private static final int ANSWER_BYTES_MAX = 64 << 10;
    private static final int CONNECTIONS_MAX = 256;
    private static final TimeValue CONNECTION_AGE_MAX = TimeValue.ofMinutes(5);
    private static final TimeValue CONNECTION_IDLE_MAX = TimeValue.ofSeconds(30);
    private static final String IS_SENDING = "patchbay.sending";

    private final String accountId;
    private final CallbackSettings settings;
    private final Clock clock;
    private final Attachments files;
    private final AddressGuard guard;
    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient client;

    /** Ends calls that are late. The client's own timeouts are per read: a server that drips would hold a lane for ever. */
    private final ScheduledThreadPoolExecutor deadlines;

    private final Future<?> sweeper;

    Callback(String accountId, CallbackSettings settings, AddressGuard guard, ChannelHost host) {
        this.accountId = accountId;
        this.settings = settings;
        this.clock = host.clock();
        this.files = host.attachments();
        this.guard = guard;
        Timeout timeout = Timeout.of(settings.timeout());
        connections = connections(guard, timeout);
        client = client(connections, timeout);
        deadlines = new ScheduledThreadPoolExecutor(1, work -> Thread.ofPlatform()
                .name("webhook-" + accountId + "-deadlines")
                .daemon()
                .unstarted(work));
        deadlines.setRemoveOnCancelPolicy(true);
        long idle = CONNECTION_IDLE_MAX.toMilliseconds();
        sweeper = deadlines.scheduleWithFixedDelay(
                () -> connections.closeIdle(CONNECTION_IDLE_MAX), idle, idle, TimeUnit.MILLISECONDS);
    }

    DeliveryOutcome post(OutboundMessage message) throws InterruptedException {
        HttpPost post = request(message);
        DeliveryOutcome outcome = call(post);
        if (Thread.interrupted()) {
            throw new InterruptedException("while calling back");
        }
        return outcome;
    }

    @Override
    public void close() {
        sweeper.cancel(false);
        client.close(CloseMode.IMMEDIATE);
        deadlines.shutdownNow();
        guard.close();
    }

    private DeliveryOutcome call(HttpPost post) {
        HttpClientContext context = HttpClientContext.create();
        Future<?> deadline;
        try {
            deadline = deadlines.schedule(() -> post.abort(), settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closedMeanwhile) {
            return new RetryLater("the channel is closed", Duration.ZERO);
        }
        try {
            ClassicHttpResponse response = client.executeOpen(settings.url().host(), post, context);
            Header retryAfter = response.getFirstHeader("Retry-After");
            var answer = new CallbackAnswer(response.getCode(), retryAfter == null ? null : retryAfter.getValue());
            if (!isReadToTheEnd(response)) {
                // Not response.close(), which would read on as long as there is something to read.
                post.abort();
            }
            return answer.outcome(clock.instant());
        } catch (AddressGuard.Forbidden forbidden) {
            return new Refused("the callback's address " + forbidden.getMessage()
                    + " is loopback, private or link-local; channels.webhook.allow-private can allow it");
        } catch (IOException | IllegalStateException trouble) {
            return afterTrouble(
                    deadline.isDone()
                            ? lateness()
                            : CallbackTrouble.of(trouble, settings.url().host()),
                    context);
        } finally {
            deadline.cancel(false);
        }
    }

    private HttpPost request(OutboundMessage message) {
        byte[] body = CallbackBody.of(message, accountId, files);
        String id = message.idempotencyKey();
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        var post = new HttpPost(settings.url().path());
        post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
        post.setHeader("webhook-id", id);
        post.setHeader("webhook-timestamp", timestamp);
        StandardWebhooks signature = settings.signature();
        if (signature != null) {
            post.setHeader("webhook-signature", signature.sign(id, timestamp, body));
        }
        return post;
    }

    private String lateness() {
        return "no answer within " + settings.timeout().toMillis() + " ms";
    }

    /** Until the request began to leave nothing can have arrived; from then on nobody knows. */
    private static DeliveryOutcome afterTrouble(String reason, HttpClientContext context) {
        return context.getAttribute(IS_SENDING) == null
                ? new RetryLater("the callback cannot be reached: " + reason, Duration.ZERO)
                : new Unknown("the callback took the request and did not answer: " + reason);
    }

    /** A connection whose answer is read whole goes back to the others by itself. */
    private static boolean isReadToTheEnd(ClassicHttpResponse response) {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return true;
        }
        try {
            return entity.getContent().readNBytes(ANSWER_BYTES_MAX).length < ANSWER_BYTES_MAX;
        } catch (IOException halfAnAnswer) {
            // The status has come, and it is the answer; nobody needs the rest.
            return false;
        }
    }

    private static PoolingHttpClientConnectionManager connections(AddressGuard guard, Timeout timeout) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(guard)
                .setMaxConnPerRoute(CONNECTIONS_MAX)
                .setMaxConnTotal(CONNECTIONS_MAX)
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setSoTimeout(timeout)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout)
                        .setSocketTimeout(timeout)
                        .setTimeToLive(CONNECTION_AGE_MAX)
                        // Always: a server that has hung up since must not look like one that took the message.
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                        .build())
                .build();
    }

    /** No redirects, repeats, cookies or unpacking: each would do something that the operator has not asked for. */
    private static CloseableHttpClient client(PoolingHttpClientConnectionManager connections, Timeout timeout) {
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .setResponseTimeout(timeout)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setUserAgent("Patchbay")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "sending", (request, scope, chain) -> {
                    scope.clientContext.setAttribute(IS_SENDING, true);
                    return chain.proceed(request, scope);
                })
                .build();
    }
}
