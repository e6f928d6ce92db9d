package dev.patchbay.hub.access;

import dev.patchbay.api.InboundMessage;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** Keeps the door of accounts that people can write to whom the operator does not know. Safe for many threads. */
public final class Doorkeeper {
    private final Map<Pairings.Account, AccessRules> rules = new HashMap<>();
    private final BiPredicate<String, String> meetsStrangers;
    private final Pairings pairings;
    private final Meters meters;

    /**
     * @param rules of all accounts
     * @param meetsStrangers by channel and account: whether the plugin that has it now wants the door kept; asked for
     *     every message
     */
    public Doorkeeper(
            List<AccessRules> rules, BiPredicate<String, String> meetsStrangers, Pairings pairings, Meters meters) {
        rules.forEach(each -> this.rules.put(new Pairings.Account(each.channel(), each.accountId()), each));
        this.meetsStrangers = meetsStrangers;
        this.pairings = pairings;
        this.meters = meters;
    }

    /**
     * Whether a message may come in. A stranger who may ask to be let in is given a code on the way.
     *
     * @throws StoreException if a code could not be kept; to be tried again
     */
    public boolean admits(String channel, String accountId, InboundMessage message) throws InterruptedException {
        if (!meetsStrangers.test(channel, accountId)) {
            return true;
        }
        var account = new Pairings.Account(channel, accountId);
        AccessRules known = rules.get(account);
        boolean admitted = known != null
                && switch (known.verdict(message)) {
                    case ADMITTED -> true;
                    case PAIRED_ONLY -> pairings.admits(account, message);
                    case TURNED_AWAY -> false;
                };
        if (!admitted) {
            meters.inbound(channel, "turned_away");
        }
        return admitted;
    }
}
