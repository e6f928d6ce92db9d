package dev.patchbay.api;

import java.util.Objects;

/**
 * What the configuration says about one account of a channel.
 *
 * @param channel the channel's name
 * @param accountId lower case, {@code default} if the configuration names none
 * @param account the account's own settings
 * @param shared the channel's own settings, the same for all of them
 */
public record ChannelSettings(String channel, String accountId, Settings account, Settings shared) {
    public ChannelSettings {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(accountId, "accountId");
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(shared, "shared");
    }
}
