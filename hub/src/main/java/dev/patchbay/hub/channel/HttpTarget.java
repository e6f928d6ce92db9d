package dev.patchbay.hub.channel;

import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;

/** An account that takes in HTTP requests. Safe for many threads. */
public final class HttpTarget {
    private final Account account;

    HttpTarget(Account account) {
        this.account = account;
    }

    public String channel() {
        return account.status().channel();
    }

    public String accountId() {
        return account.status().accountId();
    }

    /**
     * Answers one request, whatever the plugin does: 500 if it fails, 503 with Retry-After while the account is not open or has
     * too many requests. May block, at most 11 minutes.
     */
    public HttpAnswer receive(HttpCall call) throws InterruptedException {
        return account.receive(call);
    }
}
