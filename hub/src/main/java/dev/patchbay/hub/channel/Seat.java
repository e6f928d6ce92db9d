package dev.patchbay.hub.channel;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The place of one configured account: taken while some plugin offers its channel, vacant otherwise. Safe for many threads; one at
 * a time changes who sits in it.
 */
final class Seat {
    private final AccountSpec spec;
    private volatile @Nullable Account account;
    private volatile ChannelStatus vacancy;

    Seat(AccountSpec spec, ChannelStatus vacancy) {
        this.spec = spec;
        this.vacancy = vacancy;
    }

    AccountSpec spec() {
        return spec;
    }

    Optional<Account> account() {
        return Optional.ofNullable(account);
    }

    void take(Account next) {
        account = next;
    }

    void vacate(ChannelStatus why) {
        vacancy = why;
        account = null;
    }

    ChannelStatus status() {
        Account taken = account;
        return taken == null ? vacancy : taken.status();
    }
}
