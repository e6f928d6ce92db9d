package dev.patchbay.hub.attachment;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments.Content;
import dev.patchbay.hub.attachment.Spool.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Fetches files from the web: bounded in bytes and time, and never from addresses inside the operator's network. Safe for many
 * threads.
 */
final class WebFiles implements AutoCloseable {
    private static final int REDIRECTS_MAX = 3;

    /** At once; more of them wait. */
    private static final int AT_ONCE = 16;

    private final AttachmentFolder folder;
    private final AddressGuard guard;
    private final Limits limits;
    private final Executor threads;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CloseableHttpClient client;
    private boolean closed;

    /**
     * Bounds.
     *
     * @param bytesMax of one file
     * @param total for one file, waiting for a place and redirects included
     */
    record Limits(long bytesMax, Duration connect, Duration read, Duration total) {
        static Limits usual(long bytesMax) {
            return new Limits(bytesMax, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20));
        }
    }

    WebFiles(AttachmentFolder folder, AddressGuard guard, Limits limits, Executor threads) {
        this.folder = folder;
        this.guard = guard;
        this.limits = limits;
        this.threads = threads;
    }

    /** Fetches a file whole before it returns, so that its length is known. */
    Content open(Attachment attachment) throws AttachmentUnavailable, InterruptedException {
        WebAddress address = address(attachment.url());
        long end = System.nanoTime() + limits.total().toNanos();
        if (!places.tryAcquire(limits.total().toNanos(), TimeUnit.NANOSECONDS)) {
            throw new AttachmentUnavailable("too many files are being fetched", false);
        }
        try {
            for (int redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
                switch (get(address, attachment, end)) {
                    case Step.Got(Content content) -> {
                        return content;
                    }
                    case Step.Elsewhere(WebAddress next) -> address = next;
                }
            }
            throw new AttachmentUnavailable("it is redirected more than " + REDIRECTS_MAX + " times", true);
        } finally {
            places.release();
        }
    }

    /** Fetches under way are cut off. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (client != null) {
                client.close(CloseMode.IMMEDIATE);
            }
        } finally {
            lock.unlock();
        }
        guard.close();
    }

    private sealed interface Step {
        record Got(Content content) implements Step {}

        record Elsewhere(WebAddress address) implements Step {}
    }

    private Step get(WebAddress address, Attachment attachment, long end)
            throws AttachmentUnavailable, InterruptedException {
        var get = new HttpGet(address.path());
        var done = new CountDownLatch(1);
        // The client's own timeouts are per read: a server that drips would hold us for ever.
        threads.execute(() -> cutLate(get, done, end));
        try {
            ClassicHttpResponse response = client().executeOpen(address.host(), get, HttpClientContext.create());
            try {
                return step(address, attachment, response);
            } finally {
                // Not response.close(), which would read on as long as there is something to read.
                get.abort();
            }
        } catch (AddressGuard.Forbidden forbidden) {
            throw new AttachmentUnavailable(
                    "its address " + forbidden.getMessage()
                            + " is loopback, private or link-local; attachments.allow-private can allow it",
                    true);
        } catch (IOException | IllegalStateException trouble) {
            Spool.stopIfInterrupted();
            throw new AttachmentUnavailable(
                    System.nanoTime() - end >= 0
                            ? "not here within " + limits.total().toMillis() + " ms"
                            : "the server " + address.host().getHostName() + " cannot be read from: "
                                    + trouble.getClass().getSimpleName(),
                    false);
        } finally {
            done.countDown();
        }
    }

    private Step step(WebAddress address, Attachment attachment, ClassicHttpResponse response)
            throws AttachmentUnavailable, IOException, InterruptedException {
        int status = response.getCode();
        Header location = response.getFirstHeader("Location");
        if (status >= 300 && status < 400 && location != null) {
            try {
                return new Step.Elsewhere(address.follow(location.getValue()));
            } catch (IllegalArgumentException nowhere) {
                throw new AttachmentUnavailable("it is redirected to what is no web address", true);
            }
        }
        if (status != 200) {
            boolean passing = status >= 500 || status == 408 || status == 425 || status == 429;
            throw new AttachmentUnavailable("the server answered HTTP " + status, !passing);
        }
        if (response.getEntity() == null || response.containsHeader("Content-Encoding")) {
            throw new AttachmentUnavailable("the server answered in a coding that was not asked for", true);
        }
        if (response.getEntity().getContentLength() > limits.bytesMax()) {
            throw tooLarge();
        }
        Header type = response.getFirstHeader("Content-Type");
        return new Step.Got(content(address, attachment, type == null ? null : type.getValue(), response));
    }

    private Content content(
            WebAddress address, Attachment attachment, @Nullable String type, ClassicHttpResponse response)
            throws AttachmentUnavailable, IOException, InterruptedException {
        boolean given = false;
        Spool spool = null;
        try {
            spool = folder.spool(response.getEntity().getContent());
            InputStream content = spool.content();
            given = true;
            return new Content(
                    content,
                    spool.bytes(),
                    FileNames.mediaType(attachment.mediaType())
                            .or(() -> FileNames.mediaType(type))
                            .orElse(FileNames.ANY_TYPE),
                    FileNames.name(attachment.name())
                            .or(() -> FileNames.name(address.lastSegment()))
                            .orElse(FileNames.NAMELESS));
        } catch (Trouble trouble) {
            switch (trouble.kind()) {
                case TOO_LARGE -> throw tooLarge();
                case SOURCE -> throw new IOException(trouble.getMessage());
                case FULL, DISK -> throw new AttachmentUnavailable(String.valueOf(trouble.getMessage()), false);
            }
            throw new IllegalStateException(trouble);
        } finally {
            if (!given && spool != null) {
                spool.close();
            }
        }
    }

    private void cutLate(HttpGet get, CountDownLatch done, long end) {
        try {
            if (!done.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                get.abort();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            get.abort();
        }
    }

    private static WebAddress address(String url) throws AttachmentUnavailable {
        try {
            return WebAddress.of(url);
        } catch (IllegalArgumentException noAddress) {
            throw new AttachmentUnavailable(String.valueOf(noAddress.getMessage()), true);
        }
    }

    private AttachmentUnavailable tooLarge() {
        return new AttachmentUnavailable("it is larger than " + limits.bytesMax() + " bytes", true);
    }

    /** Made when the first file is fetched: it costs a tenth of a second. */
    private CloseableHttpClient client() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            if (client == null) {
                client = newClient();
            }
            return client;
        } finally {
            lock.unlock();
        }
    }

    /** No redirects by itself, repeats, cookies, unpacking or proxies: each would go where nobody has looked. */
    private CloseableHttpClient newClient() {
        Timeout read = Timeout.of(limits.read());
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(guard)
                .setMaxConnPerRoute(AT_ONCE)
                .setMaxConnTotal(AT_ONCE)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(limits.connect()))
                        .setSocketTimeout(read)
                        .build())
                .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(read)
                        .setResponseTimeout(read)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setUserAgent("Patchbay")
                // One file, one connection: a kept one may have been closed over there, and nothing is repeated here.
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }
}
