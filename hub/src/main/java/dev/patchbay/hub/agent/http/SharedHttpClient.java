package dev.patchbay.hub.agent.http;

import java.net.http.HttpClient;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one client of all http agents. Made at the first turn, since it costs a tenth of a second and a thread; ended with the last
 * agent. Safe for many threads.
 */
final class SharedHttpClient {
    private final ThreadFactory threads;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable HttpClient client;
    private int users;

    SharedHttpClient(ThreadFactory threads) {
        this.threads = threads;
    }

    void enter() {
        lock.lock();
        try {
            users++;
        } finally {
            lock.unlock();
        }
    }

    /** To be called once for each {@link #enter()}. Calls under way are cut off if nobody is left. */
    void leave() {
        lock.lock();
        try {
            users--;
            if (users == 0 && client != null) {
                client.shutdownNow();
                client = null;
            }
        } finally {
            lock.unlock();
        }
    }

    HttpClient get() {
        lock.lock();
        try {
            if (users == 0) {
                throw new IllegalStateException("closed");
            }
            if (client == null) {
                // A POST is never repeated by this client: that needs -Djdk.httpclient.enableAllMethodRetry, and a
                // connection
                // that could not be opened is tried twice, before anything was sent.
                client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .executor(task -> threads.newThread(task).start())
                        .build();
            }
            return client;
        } finally {
            lock.unlock();
        }
    }
}
