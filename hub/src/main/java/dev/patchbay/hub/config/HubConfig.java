package dev.patchbay.hub.config;

import dev.patchbay.api.Settings;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything the configuration says, checked, with defaults filled in. Immutable; {@code toString} of every part is free of
 * secrets. Paths are absolute.
 *
 * @param agents by id, in the order of the file
 * @param defaultAgent an id among {@code agents}
 * @param commands whether accounts that do not say otherwise understand chat commands
 * @param channels by name, in the order of the file
 * @param source the file it was read from as it was named, or {@code defaults}
 */
public record HubConfig(
        Hub hub,
        Server server,
        StoreSettings store,
        Backups backups,
        Files attachments,
        Plugins plugins,
        Map<String, AgentConfig> agents,
        String defaultAgent,
        boolean commands,
        BindingsConfig bindings,
        Sessions sessions,
        Inbound inbound,
        Map<String, ChannelConfig> channels,
        Delivery delivery,
        Tasks tasks,
        String source) {

    public HubConfig {
        agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
        channels = Collections.unmodifiableMap(new LinkedHashMap<>(channels));
    }

    /** How messages of this channel are delivered: its own section over the general one. */
    public Delivery deliveryOf(String channel) {
        ChannelConfig config = channels.get(channel);
        return config == null ? delivery : config.delivery().orElse(delivery);
    }

    /** How messages of this channel are taken in: its own section over the general one. */
    public Inbound inboundOf(String channel) {
        ChannelConfig config = channels.get(channel);
        return config == null ? inbound : config.inbound().orElse(inbound);
    }

    /**
     * @param drainTimeout at most this long a stop waits for what is under way
     */
    public record Hub(String name, Path dataDir, Duration drainTimeout) {}

    /**
     * @param port 0: any free one
     * @param readTimeout for a whole request
     * @param rateLimit per client; empty: none
     * @param rateLimitLoopback whether clients on this machine are limited too
     * @param tokens none: an admin token is made at the first start
     * @param publicUrl where the whole world reaches the hub, if it does; ends with a slash
     */
    public record Server(
            String host,
            int port,
            Duration readTimeout,
            Optional<RateLimit> rateLimit,
            boolean rateLimitLoopback,
            List<Token> tokens,
            Optional<Tls> tls,
            Optional<URI> publicUrl) {
        public Server {
            tokens = List.copyOf(tokens);
        }
    }

    /** So many requests in so much time. */
    public record RateLimit(int requests, Duration per) {}

    /** PEM files. */
    public record Tls(Path cert, Path key) {}

    /** Somebody who may use the doors. */
    public record Token(String name, String token, Set<Scope> scopes) {
        public Token {
            scopes = Set.copyOf(scopes);
        }

        /** True if one of the scopes holds the one that is asked for. */
        public boolean may(Scope asked) {
            return scopes.stream().anyMatch(scope -> scope.holds(asked));
        }

        @Override
        public String toString() {
            return "Token[name=" + name + ", token=" + Secrets.MASK + ", scopes=" + scopes + "]";
        }
    }

    /** What a token may do. */
    public enum Scope {
        /** Talk with agents. */
        CHAT,
        /** See sessions, deliveries, channels, events. */
        READ,
        /** Read, and send, retry, discard, restart. */
        OPERATE,
        /** All of it, and change bindings and plugins. */
        ADMIN;

        /** Admin holds all, operate holds read, chat and read hold only themselves. */
        public boolean holds(Scope asked) {
            return this == asked || this == ADMIN || (this == OPERATE && asked == READ);
        }
    }

    /**
     * @param url an H2 file URL with an absolute path
     * @param minFreeBytes below this much free disk nothing new is taken in
     * @param onDamage what a start does that finds the data damaged
     */
    public record StoreSettings(String url, long minFreeBytes, OnDamage onDamage) {
        @Override
        public String toString() {
            return "StoreSettings[url=" + Secrets.maskedAddress(url) + ", minFreeBytes=" + minFreeBytes + ", onDamage="
                    + onDamage + "]";
        }
    }

    /** What a start does that finds the data damaged. */
    public enum OnDamage {
        /** It says what to do. */
        REFUSE,
        /** It puts the last good backup back by itself. */
        RESTORE
    }

    /**
     * @param enabled whether backups are made by themselves
     * @param every the time between two
     * @param keep so many good ones stay
     */
    public record Backups(boolean enabled, Duration every, int keep, Path dir) {}

    /**
     * @param maxSizeBytes largest file that is taken in or given out
     * @param keep a file that nobody has used for so long goes
     * @param maxTotalBytes of all files together
     * @param linkTtl how long a signed link opens its file
     * @param allowPrivate networks of the operator's own that files may be fetched from
     */
    public record Files(
            long maxSizeBytes, Duration keep, long maxTotalBytes, Duration linkTtl, List<String> allowPrivate) {
        public Files {
            allowPrivate = List.copyOf(allowPrivate);
        }
    }

    /**
     * @param watch whether jars that appear while the hub runs are loaded
     * @param startTimeout the bound on opening one channel or agent
     */
    public record Plugins(Path dir, boolean watch, Duration startTimeout) {}

    /**
     * @param timeout for one whole turn
     * @param fallback the agent that is asked when this one fails; never leads back here
     * @param failureText what the peer sees with {@code apologise}
     * @param spending what it costs and may cost
     * @param busy what becomes of a message that comes during a turn of the same session
     * @param settings what remains for the agent's type
     * @param place where the agent is configured
     */
    public record AgentConfig(
            String id,
            String type,
            Duration timeout,
            int maxConcurrent,
            Optional<String> fallback,
            OnFailure onFailure,
            String failureText,
            Breaker breaker,
            Spending spending,
            Busy busy,
            Settings settings,
            String place) {}

    /** What a new message does that finds its session at a turn. */
    public enum Busy {
        QUEUE,
        INTERRUPT,
        COLLECT
    }

    /**
     * What an agent costs and may cost.
     *
     * @param daily at most so much in a day, in the price's currency; none without a price
     * @param monthly at most so much in a month
     * @param warnAt from 0.01 to 1: the part of a budget at which the operator is warned
     * @param zone whose midnight ends the day
     * @param budgetText what the peer sees when it is spent
     */
    public record Spending(
            Optional<Price> price,
            Optional<BigDecimal> daily,
            Optional<BigDecimal> monthly,
            double warnAt,
            ZoneId zone,
            String budgetText) {}

    /** For a million tokens read and written. */
    public record Price(BigDecimal input, BigDecimal output, String currency) {
        boolean isFree() {
            return input.signum() == 0 && output.signum() == 0;
        }
    }

    /** What a peer sees of an agent's failure. */
    public enum OnFailure {
        SILENT,
        APOLOGISE
    }

    /**
     * @param failures so many in a row and the agent is not asked any more
     * @param openFor until it is tried again; the key is {@code breaker.wait}
     */
    public record Breaker(int failures, Duration openFor) {}

    /**
     * The rules as they were written; routing knows what they mean.
     *
     * @param rules in the order of the file: texts, lists and maps
     * @param places where each rule was written
     */
    public record BindingsConfig(List<Map<String, Object>> rules, List<String> places) {
        public BindingsConfig {
            rules = List.copyOf(rules);
            places = List.copyOf(places);
        }

        @Override
        public String toString() {
            return "BindingsConfig" + places;
        }
    }

    /**
     * @param dmScope {@code main}, {@code per-peer}, {@code per-channel-peer} or {@code per-account-channel-peer}
     * @param laneLimit messages that may wait for one session
     * @param identityLinks a person's name, and the person's ids as {@code CHANNEL:ID}
     */
    public record Sessions(String dmScope, int laneLimit, Map<String, List<String>> identityLinks) {
        public Sessions {
            identityLinks = Collections.unmodifiableMap(new LinkedHashMap<>(identityLinks));
        }
    }

    /**
     * @param name lower case
     * @param shared what stands beside {@code enabled}, {@code accounts}, {@code inbound} and {@code delivery}, for all accounts
     * @param accounts by id in lower case; {@code default} if none is listed
     * @param inbound this channel's own way in, if it has one
     * @param delivery this channel's own way out, if it has one
     * @param place where the channel is configured
     */
    public record ChannelConfig(
            String name,
            boolean enabled,
            Settings shared,
            Map<String, Settings> accounts,
            Optional<Inbound> inbound,
            Optional<Delivery> delivery,
            String place) {
        public ChannelConfig {
            accounts = Collections.unmodifiableMap(new LinkedHashMap<>(accounts));
        }
    }

    /**
     * @param debounce so long nothing may follow before a message's turn begins; zero: it begins at once
     */
    public record Inbound(Duration debounce) {}

    /**
     * @param backoff the wait after the first failed attempt, the second, and so on; the last one repeats
     * @param attempts after so many a message is dead
     * @param queueLimit messages waiting per channel
     * @param ttl older messages expire
     * @param attemptTimeout the bound on one attempt
     * @param jitter a wait is longer by up to this part of itself, from 0 to 0.5
     */
    public record Delivery(
            List<Duration> backoff,
            int attempts,
            int queueLimit,
            WhenFull whenFull,
            Duration ttl,
            Duration attemptTimeout,
            double jitter) {
        public Delivery {
            backoff = List.copyOf(backoff);
        }
    }

    /**
     * Work that agents do in the background.
     *
     * @param retry the wait after the first failed attempt, the second, and so on: as many retries as there are
     * @param maxRunning at once
     * @param queueLimit tasks that have not ended
     * @param ttl a task that has not ended by then expires
     * @param keepDays ended ones go that are older
     * @param keepCount so many ended ones stay
     * @param keepBytes of all ended ones together
     */
    public record Tasks(
            List<Duration> retry,
            int maxRunning,
            int queueLimit,
            Duration ttl,
            int keepDays,
            int keepCount,
            long keepBytes) {
        public Tasks {
            retry = List.copyOf(retry);
        }
    }

    /** What happens to a new message when the queue is full. */
    public enum WhenFull {
        REFUSE,
        DROP_OLDEST
    }
}
