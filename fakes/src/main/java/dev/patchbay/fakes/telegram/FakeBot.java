package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** One bot of the server: its chats, and what the server keeps for it. Safe for use by many threads. */
public final class FakeBot {
    private final String token;
    private final String username;
    private final Clock clock;
    // Guarded by this, as all of the chats is.
    private final Map<Long, FakeChat> chats = new HashMap<>();
    private final Map<String, Optional<String>> queries = new HashMap<>();
    private final Map<String, JsonNode> commands = new HashMap<>();
    private BiConsumer<FakeChat, SentMessage> watcher = (chat, message) -> {};
    private boolean isRevoked;
    private long albums;

    final RateLimiter limiter;
    final FileShelf files;
    final Webhook webhook;
    final UpdateQueue updates = new UpdateQueue();

    FakeBot(String token, String username, Clock clock, LongSupplier nanos) {
        this.token = token;
        this.username = username;
        this.clock = clock;
        limiter = new RateLimiter(nanos);
        files = new FileShelf(id());
        webhook = new Webhook(updates, clock);
    }

    public String token() {
        return token;
    }

    public String username() {
        return username;
    }

    /** The number before the token's colon. */
    public long id() {
        int colon = token.indexOf(':');
        return colon > 0 && token.substring(0, colon).matches("\\d{1,18}")
                ? Long.parseLong(token.substring(0, colon))
                : 1;
    }

    /** The direct chat with one person, whose id it bears; made at the first call. */
    public FakeChat direct(long userId) {
        return direct(userId, "User" + userId);
    }

    /** The same with a name; the first one stays. */
    public FakeChat direct(long userId, String name) {
        return chat(userId, FakeChat.Kind.DIRECT, name);
    }

    /** A small group; its id is negative. Made at the first call. */
    public FakeChat group(long id, String title) {
        return chat(id, FakeChat.Kind.GROUP, title);
    }

    /** A supergroup without topics; its id begins with -100. */
    public FakeChat supergroup(long id, String title) {
        return chat(id, FakeChat.Kind.SUPERGROUP, title);
    }

    /** A supergroup with topics. */
    public FakeChat forum(long id, String title) {
        return chat(id, FakeChat.Kind.FORUM, title);
    }

    /** From now on every call ends in 401, as if the token had been taken back. */
    public synchronized void revoke() {
        isRevoked = true;
        updates.close();
    }

    /** Every call of this bot ends in 429 until the time is over. */
    public synchronized void pause(Duration time) {
        limiter.pauseBot(time);
    }

    /** Refuses from now on what is too much for these limits. Without a call there are none. */
    public synchronized void enforce(Limits limits) {
        limiter.limits(limits);
    }

    /** How many calls were answered 429, for whatever reason but a scripted fault. */
    public synchronized long tooManyRequests() {
        return limiter.refused();
    }

    /** How many of those came before a wait was over that the bot had been told of. */
    public synchronized long tooEarly() {
        return limiter.early();
    }

    /** Each of the next updates that the bot confirms is handed out once more. */
    public void repeatNext(int count) {
        updates.repeatNext(count);
    }

    /** The next batch of at least two updates comes in the wrong order; may be called for several batches. */
    public void reverseNext() {
        updates.reverseNext();
    }

    /** How many updates the bot has confirmed, by its offset or by answering its webhook with 2xx. */
    public long confirmed() {
        return updates.confirmed();
    }

    /** How many wait for that. */
    public int unconfirmed() {
        return updates.size();
    }

    /** Waits until none does; false if that takes too long. */
    public boolean awaitConfirmed(Duration patience) throws InterruptedException {
        return updates.awaitEmpty(patience);
    }

    /** How many polls ended in 409, also of a bot that was gone when it polled anew. */
    public long conflicts() {
        return updates.conflicts();
    }

    /**
     * Tells of every message of this bot's when it is sent and at each of its edits, in order. The watcher is called while the
     * bot waits for its answer, so it must be quick.
     */
    public synchronized void watch(BiConsumer<FakeChat, SentMessage> watcher) {
        this.watcher = watcher;
    }

    /** Pressed buttons that the bot has answered: query id to the text of the answer, often empty. */
    public synchronized Map<String, String> answeredQueries() {
        var answered = new HashMap<String, String>();
        queries.forEach((id, text) -> text.ifPresent(each -> answered.put(id, each)));
        return answered;
    }

    /** The commands the bot offers everywhere: name to description. */
    public synchronized Map<String, String> commands() {
        var offered = new HashMap<String, String>();
        commands("")
                .forEach(each -> offered.put(
                        each.path("command").asText(), each.path("description").asText()));
        return offered;
    }

    private synchronized FakeChat chat(long id, FakeChat.Kind kind, String title) {
        if ((kind == FakeChat.Kind.DIRECT) == (id < 0)) {
            throw new IllegalArgumentException("people have positive ids and groups negative ones: " + id);
        }
        FakeChat chat = chats.computeIfAbsent(id, unused -> new FakeChat(this, id, kind, title));
        if (chat.kind != kind) {
            throw new IllegalArgumentException("chat " + id + " is already of another kind");
        }
        return chat;
    }

    void close() {
        updates.close();
        webhook.close();
    }

    // What follows is called with the lock held.

    boolean isRevoked() {
        return isRevoked;
    }

    Optional<FakeChat> find(long chatId) {
        return Optional.ofNullable(chats.get(chatId));
    }

    long now() {
        return TimeUnit.MILLISECONDS.toSeconds(clock.millis());
    }

    void show(FakeChat chat, Stored message) {
        watcher.accept(chat, message.snapshot());
        notifyAll();
    }

    String nextAlbum() {
        return Long.toString(13_000_000_000L + albums++);
    }

    String nextQuery() {
        String id = Long.toString(4_382_000_000L + queries.size());
        queries.put(id, Optional.empty());
        return id;
    }

    /** False if there is no such query. */
    boolean answer(String queryId, String text) {
        return queries.computeIfPresent(queryId, (id, before) -> Optional.of(text)) != null;
    }

    void commands(String scope, JsonNode list) {
        commands.put(scope, list);
    }

    JsonNode commands(String scope) {
        return commands.getOrDefault(scope, Json.array());
    }

    ObjectNode json() {
        return Json.object()
                .put("id", id())
                .put("is_bot", true)
                .put("first_name", username)
                .put("username", username);
    }
}
