package dev.patchbay.hub.command.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.wire.HubAddress;
import dev.patchbay.hub.command.wire.HubNotReached;
import dev.patchbay.hub.command.wire.RpcClient;
import dev.patchbay.hub.command.wire.RpcFailure;
import dev.patchbay.hub.command.wire.RpcSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A conversation over a WebSocket that comes back by itself: after a break it connects again, asks for what it missed and
 * repeats what got no answer. Safe for many threads.
 */
final class ChatLink implements AutoCloseable {
    /** Said but not yet answered; more must wait. */
    static final int OPEN_TURNS_MAX = 100;

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final HubAddress address;
    private final Conversation conversation;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Map<Long, Said> open = new LinkedHashMap<>();
    private @Nullable RpcSocket socket;
    private @Nullable String cursor;
    private long subscription;
    private long lastId;

    /** What happens in the conversation. One call at a time, in order. */
    interface Listener {
        /** The reply goes on. */
        void delta(long turn, String piece);

        /** The whole reply; may be empty. */
        void reply(long turn, String text);

        void failed(long turn, RpcFailure why);

        /** Somebody wrote to this peer. */
        void message(String text);

        void lost();

        void back();

        /** What was missed while the connection was lost is not known any more. */
        void gap();

        /** It is no use to try again. */
        void refused(RpcFailure why);
    }

    private static final class Said {
        private final String text;
        private final String method;
        private final String key = UUID.randomUUID().toString();
        private @Nullable String messageId;

        private Said(String text) {
            this.text = text;
            // It overtakes what was said before, so its events could not be told from that one's.
            method = isStop(text) ? "chat.send" : "chat.send_stream";
        }

        private boolean isStreamed() {
            return method.equals("chat.send_stream");
        }
    }

    ChatLink(HubAddress address, Conversation conversation, Listener listener) {
        this.address = address;
        this.conversation = conversation;
        this.listener = listener;
    }

    /** Connects, and from then on stays connected. Called once. */
    void open() throws HubNotReached, RpcFailure, InterruptedException {
        var gone = connect(() -> {});
        Thread.ofVirtual().name("chat-link").start(() -> stay(gone));
    }

    /**
     * Says something, now or as soon as there is a connection.
     *
     * @return the turn's number
     * @throws IllegalStateException if too much is unanswered
     */
    long say(String text) throws InterruptedException {
        lock.lock();
        try {
            if (open.size() == OPEN_TURNS_MAX) {
                throw new IllegalStateException("too many messages wait for a reply");
            }
            long id = ++lastId;
            var said = new Said(text);
            open.put(id, said);
            send(id, said.method, conversation.says(text, said.key));
            return id;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        lock.lock();
        try {
            if (socket != null) {
                socket.close();
                socket = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void stay(CountDownLatch connection) {
        CountDownLatch gone = connection;
        try {
            while (true) {
                gone.await();
                if (ended.getCount() == 0) {
                    return;
                }
                listener.lost();
                gone = connectAgain();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RpcFailure no) {
            listener.refused(no);
        }
    }

    private CountDownLatch connectAgain() throws RpcFailure, InterruptedException {
        for (Duration wait = FIRST_WAIT;
                ;
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT) {
            if (ended.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("the chat is over");
            }
            try {
                return connect(listener::back);
            } catch (HubNotReached notYet) {
                // Again, later.
            }
        }
    }

    /** Said before anything is asked: otherwise the first answer could come before the news that there is a hub again. */
    private CountDownLatch connect(Runnable news) throws HubNotReached, RpcFailure, InterruptedException {
        var gone = new CountDownLatch(1);
        RpcSocket fresh = RpcSocket.open(address, new Frames(gone));
        news.run();
        lock.lock();
        try {
            socket = fresh;
            subscribe();
            for (var each : List.copyOf(open.entrySet())) {
                Said said = each.getValue();
                send(each.getKey(), said.method, conversation.says(said.text, said.key));
            }
        } finally {
            lock.unlock();
        }
        return gone;
    }

    private void subscribe() throws InterruptedException {
        ObjectNode params =
                RpcClient.params().put("channel", Conversation.CHANNEL).put("peer", conversation.user());
        if (cursor != null) {
            params.put("since", cursor);
        }
        subscription = ++lastId;
        send(subscription, "events.subscribe", params);
    }

    /** Whether this ends the reply that is being written. */
    static boolean isStop(String text) {
        return text.strip().split("\\s", 2)[0].equals("/stop");
    }

    /** A failure is left to the reader, which notices it too. */
    private void send(long id, String method, ObjectNode params) throws InterruptedException {
        RpcSocket current = socket;
        if (current == null) {
            return;
        }
        try {
            current.send(id, method, params);
        } catch (HubNotReached broken) {
            current.close();
        }
    }

    /** What comes in over one connection. */
    private final class Frames implements RpcSocket.Incoming {
        private final CountDownLatch gone;

        private Frames(CountDownLatch gone) {
            this.gone = gone;
        }

        @Override
        public void event(JsonNode event) {
            var calls = new ArrayList<Runnable>(1);
            lock.lock();
            try {
                cursor = event.path("cursor").asText(cursor);
                collect(event, calls);
            } finally {
                lock.unlock();
            }
            calls.forEach(Runnable::run);
        }

        /** Stream events carry the message's id only; turns of one session run one after the other, so the oldest is meant. */
        private void collect(JsonNode event, List<Runnable> calls) {
            String messageId = event.path("message_id").asText("");
            switch (event.path("type").asText()) {
                case "chat.start" ->
                    open.values().stream()
                            .filter(said -> said.isStreamed() && said.messageId == null)
                            .findFirst()
                            .ifPresent(said -> said.messageId = messageId);
                case "chat.delta" -> {
                    String piece = event.path("delta").asText("");
                    turn(messageId).forEach(id -> calls.add(() -> listener.delta(id, piece)));
                }
                case "chat.end" -> {
                    String text = event.path("text").asText("");
                    turn(messageId).forEach(id -> {
                        open.remove(id);
                        calls.add(() -> listener.reply(id, text));
                    });
                }
                case "message.outbound" -> {
                    String text = event.path("text").asText("");
                    calls.add(() -> listener.message(text));
                }
                default -> {} // Not about this conversation.
            }
        }

        private List<Long> turn(String messageId) {
            return open.entrySet().stream()
                    .filter(said -> messageId.equals(said.getValue().messageId))
                    .map(Map.Entry::getKey)
                    .toList();
        }

        @Override
        public void answer(long id, JsonNode result) {
            boolean isUnanswered;
            lock.lock();
            try {
                if (id == subscription) {
                    cursor = result.path("cursor").asText(cursor);
                }
                isUnanswered = open.remove(id) != null;
            } finally {
                lock.unlock();
            }
            if (isUnanswered) {
                // A repeat of what had been answered before the connection broke: the events are over.
                listener.reply(id, result.path("text").asText(""));
            }
        }

        @Override
        public void refusal(long id, RpcFailure why) {
            boolean isTurn = false;
            boolean isGap = false;
            lock.lock();
            try {
                // A hub that goes down answers after its next start: the turn waits for that.
                isTurn = !why.isShuttingDown() && open.remove(id) != null;
                if (id == subscription && cursor != null) {
                    isGap = true;
                    cursor = null;
                    subscribe();
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } finally {
                lock.unlock();
            }
            if (isTurn) {
                listener.failed(id, why);
            } else if (isGap) {
                listener.gap();
            }
        }

        @Override
        public void gone() {
            gone.countDown();
        }
    }
}
