package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One chat of one bot: the people in it speak through {@link #user}, and what they see of the bot is asked here. Safe for use by
 * many threads.
 */
public final class FakeChat {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A test that sends more keeps the later ones only. */
    private static final int MESSAGES_MAX = 200_000;

    private static final int ACTIONS_MAX = 10_000;

    final FakeBot bot;
    final long id;
    final Kind kind;
    private final String title;
    private final TreeMap<Long, Stored> messages = new TreeMap<>();
    private final Map<Long, ObjectNode> topics = new TreeMap<>();
    private final Map<Long, String> reactions = new TreeMap<>();
    private final List<String> actions = new ArrayList<>();
    private String gone = "";
    private long nextId = 1;

    enum Kind {
        DIRECT("private"),
        GROUP("group"),
        SUPERGROUP("supergroup"),
        FORUM("supergroup");

        final String type;

        Kind(String type) {
            this.type = type;
        }
    }

    FakeChat(FakeBot bot, long id, Kind kind, String title) {
        this.bot = bot;
        this.id = id;
        this.kind = kind;
        this.title = title;
    }

    public long id() {
        return id;
    }

    /** In a direct chat its person, elsewhere a member who is always there. */
    public Speaker user() {
        return kind == Kind.DIRECT ? user(id, title) : user(7001, "Anna");
    }

    /** Somebody in this chat. The user name is the name in lower case. */
    public Speaker user(long userId, String name) {
        return new Speaker(this, userId, name, Optional.empty(), Optional.empty());
    }

    /** {@link #user} says something; answers the message's id. */
    public long userSays(String text) {
        return user().says(text);
    }

    /** Opens a topic of a forum; answers the id of its thread. */
    public long topic(String name) {
        synchronized (bot) {
            if (kind != Kind.FORUM) {
                throw new IllegalStateException("only a forum has topics");
            }
            long thread = nextId++;
            ObjectNode opened = message(thread, user().json());
            opened.put("message_thread_id", thread).put("is_topic_message", true);
            opened.putObject("forum_topic_created").put("name", name).put("icon_color", 7_322_096);
            topics.put(thread, opened);
            return thread;
        }
    }

    /** What the bot has sent and not deleted, in the order of arrival. */
    public List<SentMessage> seen() {
        synchronized (bot) {
            return messages.values().stream()
                    .filter(each -> each.isBots && !each.isDeleted)
                    .map(Stored::snapshot)
                    .toList();
        }
    }

    /** One message of the bot's, also a deleted one. */
    public Optional<SentMessage> seen(long messageId) {
        synchronized (bot) {
            return Optional.ofNullable(messages.get(messageId))
                    .filter(each -> each.isBots)
                    .map(Stored::snapshot);
        }
    }

    /** The texts of {@link #seen}. */
    public List<String> texts() {
        return seen().stream().map(SentMessage::text).toList();
    }

    /**
     * Waits until the bot has sent at least this many, at most 30 s.
     *
     * @throws AssertionError if they do not come
     */
    public List<SentMessage> awaitSeen(int count) throws InterruptedException {
        return awaitSeen(count, PATIENCE);
    }

    /** The same with a patience of the test's own. */
    public List<SentMessage> awaitSeen(int count, Duration patience) throws InterruptedException {
        if (!await(() -> seen().size() >= count, patience)) {
            throw new AssertionError("waited " + patience + " for " + count + " in chat " + id + ", got " + texts());
        }
        return seen();
    }

    /** Waits for anything that can be asked of this chat; false if it does not come true in time. */
    public boolean await(BooleanSupplier condition, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (bot) {
            while (!condition.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                bot.wait(left / 1_000_000 + 1);
            }
            return true;
        }
    }

    /** What the bot was seen doing, for instance {@code typing}, oldest first. */
    public List<String> actions() {
        synchronized (bot) {
            return List.copyOf(actions);
        }
    }

    /** The bot's reaction to a message; empty if there is none. */
    public Optional<String> reaction(long messageId) {
        synchronized (bot) {
            return Optional.ofNullable(reactions.get(messageId));
        }
    }

    /** Sends to this chat end in 403: blocked by its person, or thrown out of the group. */
    public void block() {
        gone(
                kind == Kind.DIRECT
                        ? "Forbidden: bot was blocked by the user"
                        : "Forbidden: bot was kicked from the " + kind.type + " chat");
    }

    /** The bot may send here again. */
    public void unblock() {
        gone("");
    }

    /** Sends to this chat end in 429 until the time is over, whatever the limits are. */
    public void pause(Duration time) {
        synchronized (bot) {
            bot.limiter.pauseChat(id, time);
        }
    }

    private void gone(String why) {
        synchronized (bot) {
            gone = why;
        }
    }

    // What follows is called with the bot's lock held.

    /** @throws ApiError if the bot may not send here */
    void checkOpen() {
        if (!gone.isEmpty()) {
            throw ApiError.of(403, gone);
        }
    }

    boolean isGroup() {
        return kind != Kind.DIRECT;
    }

    /** The general topic has no thread of its own. */
    boolean hasTopic(long thread) {
        return topics.containsKey(thread);
    }

    /** A message of a person's or the bot's, told to nobody yet. */
    Stored add(boolean isBots, String what, ObjectNode from, long arrivedNanos, Consumer<ObjectNode> content) {
        long number = nextId++;
        ObjectNode json = message(number, from);
        content.accept(json);
        var stored = new Stored(number, isBots, what, json, arrivedNanos);
        messages.put(number, stored);
        if (messages.size() > MESSAGES_MAX) {
            messages.pollFirstEntry();
        }
        bot.notifyAll();
        return stored;
    }

    Optional<Stored> find(long messageId) {
        return Optional.ofNullable(messages.get(messageId)).filter(each -> !each.isDeleted);
    }

    /** Says in which topic a message stands, as the server does: a first message answers the topic's opening. */
    void place(ObjectNode message, Optional<Long> thread, Optional<Stored> replied) {
        replied.ifPresent(each -> message.set("reply_to_message", each.quoted()));
        if (kind == Kind.FORUM && thread.isPresent() && hasTopic(thread.get())) {
            message.put("message_thread_id", thread.get()).put("is_topic_message", true);
            if (replied.isEmpty()) {
                message.set("reply_to_message", topics.get(thread.get()));
            }
        } else if (kind == Kind.SUPERGROUP && replied.isPresent()) {
            // Answers in a supergroup carry a thread though there are no topics.
            message.put(
                    "message_thread_id",
                    replied.get().json.path("message_thread_id").asLong(replied.get().id));
        }
    }

    void act(String action) {
        actions.add(action);
        if (actions.size() > ACTIONS_MAX) {
            actions.removeFirst();
        }
        bot.notifyAll();
    }

    void react(long messageId, String emoji) {
        if (emoji.isEmpty()) {
            reactions.remove(messageId);
        } else {
            reactions.put(messageId, emoji);
        }
        bot.notifyAll();
    }

    ObjectNode json() {
        ObjectNode chat = Json.object().put("id", id).put("type", kind.type);
        if (kind == Kind.DIRECT) {
            return chat.put("first_name", title).put("username", Speaker.username(title));
        }
        chat.put("title", title);
        return kind == Kind.FORUM ? chat.put("is_forum", true) : chat;
    }

    private ObjectNode message(long number, ObjectNode from) {
        ObjectNode message = Json.object().put("message_id", number);
        message.set("from", from);
        message.set("chat", json());
        return message.put("date", bot.now());
    }
}
