package dev.patchbay.hub.access;

import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.DeliveryRefused;
import dev.patchbay.hub.delivery.Outbound;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.store.DedupKey;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Strangers ask, an operator lets them in: hands out codes, and remembers who was let in. Everything is on disk before anybody is
 * told of it. Safe for many threads.
 */
public final class Pairings {
    private static final Logger log = LoggerFactory.getLogger(Pairings.class);

    /** Without letters and digits that are taken for one another. */
    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static final int CODE_CHARS = 8;

    /** How long a code is good for; also how long a peer who has one gets no other. */
    private static final Duration VALID = Duration.ofHours(1);

    /** Most strangers who have a code, per account; others hear nothing. */
    private static final int REQUESTS_MAX = 100;

    /** Longer names of strangers are cut. */
    private static final int NAME_MAX = 200;

    private final PairingNotes notes;
    private final Deliveries deliveries;
    private final Events events;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<Account, PairingBook> books = new HashMap<>();

    /** Held while something is written. */
    private final Object changes = new Object();

    /** One account of one channel; both in lower case. */
    public record Account(String channel, String accountId) {}

    /** What pairing works with. */
    public record Means(Store store, Deliveries deliveries, Events events) {}

    /**
     * Takes up what was stored.
     *
     * @param accounts all that anybody may ask at
     * @param random whoever can foresee it can foresee codes
     */
    public Pairings(List<Account> accounts, Means means, Clock clock, RandomGenerator random)
            throws InterruptedException {
        this.notes = new PairingNotes(means.store());
        this.deliveries = means.deliveries();
        this.events = means.events();
        this.clock = clock;
        this.random = random;
        for (Account account : accounts) {
            var book = new PairingBook();
            notes.load(account, book);
            books.put(account, book);
        }
    }

    /** Strangers with a code that is still good, the oldest first. */
    public List<PairingRequest> requests() throws InterruptedException {
        var open = new ArrayList<PairingRequest>();
        synchronized (changes) {
            for (PairingBook book : books.values()) {
                forgetThoseOver(book);
                open.addAll(book.requests());
            }
        }
        open.sort(Comparator.comparing(PairingRequest::askedAt).thenComparing(PairingRequest::code));
        return open;
    }

    /** Everybody who was let in, by channel, account and peer. */
    public List<PairedPeer> paired() {
        return books.values().stream()
                .flatMap(book -> book.paired().stream())
                .sorted(Comparator.comparing(PairedPeer::channel)
                        .thenComparing(PairedPeer::accountId)
                        .thenComparing(PairedPeer::peerId))
                .toList();
    }

    /**
     * Lets in whoever was given a code, for good, and tells them.
     *
     * @param typed case, blanks and hyphens do not matter
     * @param among a code of any other account is not open
     * @return empty if no such code is open
     */
    public Optional<PairedPeer> approve(String typed, Predicate<Account> among) throws InterruptedException {
        PairedPeer peer;
        synchronized (changes) {
            PairingRequest request = find(typed.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT));
            if (request == null || !among.test(new Account(request.channel(), request.accountId()))) {
                return Optional.empty();
            }
            peer = new PairedPeer(
                    request.channel(), request.accountId(), request.peerId(), request.senderName(), clock.instant());
            PairingBook book = book(new Account(peer.channel(), peer.accountId()));
            notes.keep(peer);
            book.add(peer);
            notes.forget(request);
            book.remove(request);
        }
        log.info("channel={} account={} peer={} was let in", peer.channel(), peer.accountId(), peer.peerId());
        events.record("pairing.approved", fields(peer.channel(), peer.accountId(), peer.peerId(), peer.senderName()));
        boolean isTold = tell(
                Outbound.text(
                        peer.channel(),
                        peer.accountId(),
                        Peer.direct(peer.peerId()),
                        null,
                        "You are in: this bot answers you from now on.",
                        Optional.empty()),
                Optional.empty());
        if (!isTold) {
            log.warn(
                    "channel={} account={} peer={} could not be told", peer.channel(), peer.accountId(), peer.peerId());
        }
        return Optional.of(peer);
    }

    /** Takes back that a peer was let in; false if the peer was not. */
    public boolean revoke(Account account, String peerId) throws InterruptedException {
        synchronized (changes) {
            PairingBook book = books.get(account);
            PairedPeer peer = book == null ? null : book.paired(peerId);
            if (book == null || peer == null) {
                return false;
            }
            notes.forget(peer);
            book.remove(peer);
        }
        log.info("channel={} account={} peer={} is a stranger again", account.channel(), account.accountId(), peerId);
        return true;
    }

    /** Whether the peer was let in; one who was not has a code afterwards, if there are any left. */
    boolean admits(Account account, InboundMessage message) throws InterruptedException {
        PairingBook book = book(account);
        if (book.paired(message.peer().id()) != null) {
            return true;
        }
        PairingRequest request = requestOf(account, book, message);
        // After a start nobody knows whether the code went out: queued again, it is recognised.
        if (request != null && !book.isTold(request) && tellCode(request, message.threadId())) {
            book.told(request);
        }
        return book.paired(message.peer().id()) != null;
    }

    private @Nullable PairingRequest requestOf(Account account, PairingBook book, InboundMessage message)
            throws InterruptedException {
        PairingRequest request;
        synchronized (changes) {
            forgetThoseOver(book);
            PairingRequest known = book.request(message.peer().id());
            if (known != null
                    || book.paired(message.peer().id()) != null
                    || book.requests().size() >= REQUESTS_MAX) {
                return known;
            }
            Instant now = clock.instant();
            request = new PairingRequest(
                    account.channel(),
                    account.accountId(),
                    message.peer().id(),
                    name(message.sender()),
                    newCode(),
                    now,
                    now.plus(VALID));
            try {
                notes.keep(request);
            } catch (StoreException full) {
                if (full.kind() != StoreException.Kind.CONFLICT) {
                    throw full;
                }
                log.debug("A stranger gets no code: {}", full.what());
                return null;
            }
            book.add(request);
        }
        log.info(
                "channel={} account={} peer={} asks to be let in; `patchbay pairing list` shows the code",
                request.channel(),
                request.accountId(),
                request.peerId());
        var fields = fields(request.channel(), request.accountId(), request.peerId(), request.senderName());
        fields.put("expires_at", request.expiresAt().toString());
        events.record("pairing.requested", fields);
        return request;
    }

    private boolean tellCode(PairingRequest request, @Nullable String threadId) throws InterruptedException {
        var message = Outbound.text(
                request.channel(),
                request.accountId(),
                Peer.direct(request.peerId()),
                threadId,
                "This bot does not know you yet. Your code is " + request.code() + ", good for an hour.\n"
                        + "Ask whoever runs the bot to let you in with:\npatchbay pairing approve " + request.code(),
                Optional.of(Duration.between(clock.instant(), request.expiresAt())));
        var once = new DedupKey(
                String.join("\n", "pairing", request.channel(), request.accountId(), request.code()),
                "",
                request.expiresAt().plus(VALID));
        return tell(message, Optional.of(once));
    }

    /** False if it was not queued. */
    private boolean tell(Outbound message, Optional<DedupKey> dedup) throws InterruptedException {
        try {
            deliveries.send(message, dedup);
            return true;
        } catch (DeliveryRefused | StoreException notQueued) {
            // As often as a stranger writes while the queue is full.
            log.debug(
                    "channel={} account={} peer={} was not told about its pairing: {}",
                    message.channel(),
                    message.accountId(),
                    message.to().id(),
                    notQueued.getMessage());
            return false;
        }
    }

    /** Every open code is compared, and each in the same time, so that nothing is learned from how long it took. */
    private @Nullable PairingRequest find(String code) throws InterruptedException {
        byte[] wanted = code.getBytes(StandardCharsets.UTF_8);
        PairingRequest found = null;
        for (PairingBook book : books.values()) {
            forgetThoseOver(book);
            for (PairingRequest each : book.requests()) {
                if (MessageDigest.isEqual(each.code().getBytes(StandardCharsets.UTF_8), wanted)) {
                    found = each;
                }
            }
        }
        return found;
    }

    private void forgetThoseOver(PairingBook book) throws InterruptedException {
        for (PairingRequest each : book.over(clock.instant())) {
            notes.forget(each);
            book.remove(each);
        }
    }

    private PairingBook book(Account account) {
        PairingBook book = books.get(account);
        if (book == null) {
            throw new IllegalArgumentException("no account " + account);
        }
        return book;
    }

    private String newCode() {
        while (true) {
            var code = new StringBuilder();
            for (int i = 0; i < CODE_CHARS; i++) {
                code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            String made = code.toString();
            // A code names its account as well: it must be the only one of its kind.
            if (books.values().stream()
                    .flatMap(book -> book.requests().stream())
                    .noneMatch(each -> each.code().equals(made))) {
                return made;
            }
        }
    }

    private static @Nullable String name(@Nullable Sender sender) {
        if (sender == null || sender.name() == null) {
            return null;
        }
        String name = sender.name().replaceAll("\\p{Cntrl}", " ").strip();
        return name.codePointCount(0, name.length()) <= NAME_MAX
                ? name
                : name.substring(0, name.offsetByCodePoints(0, NAME_MAX));
    }

    private static Map<String, String> fields(
            String channel, String accountId, String peerId, @Nullable String senderName) {
        var fields = new HashMap<String, String>();
        fields.put("channel", channel);
        fields.put("account_id", accountId);
        fields.put("peer", peerId);
        if (senderName != null) {
            fields.put("sender_name", senderName);
        }
        return fields;
    }
}
