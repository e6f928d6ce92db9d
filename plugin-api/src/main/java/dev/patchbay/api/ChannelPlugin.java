package dev.patchbay.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.pf4j.ExtensionPoint;

/**
 * A kind of channel: Telegram, Discord, webhooks. Implementations carry PF4J's {@code @Extension} and have a public
 * constructor without arguments. Called by one thread at a time.
 */
public interface ChannelPlugin extends ExtensionPoint {

    /** The channel's name in configuration, bindings and session keys: {@code [a-z0-9][a-z0-9-]{0,31}}, fixed for ever. */
    String type();

    /** JSON Schema (draft 2020-12) of one account's settings. What it does not name is reported as an unknown key. */
    String accountSchema();

    /** JSON Schema of the settings beside {@code accounts} and {@code enabled} that all accounts share. */
    default String channelSchema() {
        return "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}";
    }

    /**
     * First segment of the path under which accounts take in HTTP requests, for instance {@code webhooks} for {@code
     * /webhooks/{account}}. Empty: none.
     */
    default Optional<String> httpPath() {
        return Optional.empty();
    }

    /**
     * Says what keeps these settings from working beyond what the schemas can say: a missing secret, a malformed key. Without
     * network and without side effects; used by {@code patchbay check}.
     */
    default List<SettingProblem> check(ChannelSettings settings) {
        return List.of();
    }

    /**
     * As {@link #check}, for the settings that all accounts share: asked once per channel, so that what is wrong with them is said
     * once. Keys are those below the channel, for instance {@code allow-private.0} for the first entry of a list.
     */
    default List<SettingProblem> checkShared(Settings shared) {
        return List.of();
    }

    /** False if the account lacks its token: it is shown as not configured and never opened, which is no error. */
    default boolean isConfigured(ChannelSettings settings) {
        return true;
    }

    /** What an account with these settings can do; asked without opening it, so that messages can be queued while it is down. */
    default Set<Capability> capabilities(ChannelSettings settings) {
        return Set.of(Capability.SEND);
    }

    /** How long one message may be; longer texts are split into parts before {@link Channel#deliver}. Asked without opening. */
    default TextLimit textLimit(ChannelSettings settings) {
        return TextLimit.NONE;
    }

    /** How fast the platform lets such an account send; asked without opening. */
    default Pacing pacing(ChannelSettings settings) {
        return Pacing.NONE;
    }

    /**
     * Ids that only groups have, if the platform lets them be told from those of people. What is sent to such an id goes in the
     * group's lane and at its pace, whatever kind its sender took it for.
     */
    default Optional<Pattern> groupIds() {
        return Optional.empty();
    }

    /**
     * Whether people whom the operator does not know can write to its accounts. Then the hub keeps the door: the settings {@code
     * dm-policy}, {@code allow-from} and {@code groups} are added to the account's schema, and messages are {@link
     * Receipt.Status#TURNED_AWAY} accordingly.
     */
    default boolean meetsStrangers() {
        return false;
    }

    /**
     * Connects one account. Called again after a failure, with a back-off. May block, bounded by {@code
     * plugins.start-timeout} (30 s), then it is interrupted. Messages may be received before it returns.
     *
     * @throws Exception if the account cannot be opened; the message is shown to the operator, so it must hold no secret
     */
    Channel open(ChannelSettings settings, ChannelHost host) throws Exception;
}
