package dev.patchbay.hub.simulation;

import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody on a platform who asks one thing after the other. */
final class Talker {
    final String who;
    final String channel;
    final Peer peer;
    final @Nullable String threadId;
    final List<Question> questions = new ArrayList<>();

    /** One message, and what its sender has heard of it. */
    static final class Question {
        final int index;
        final String text;

        /** The hub has said that it took it. */
        boolean isAcknowledged;

        /** The answer went back in the same request. */
        boolean isHandedBack;

        /** So many requests wait for the answer now. */
        int waits;

        /** A request that waited for the answer was cut off with the hub. */
        boolean isWaitCut;

        Question(int index, String text) {
            this.index = index;
            this.text = text;
        }
    }

    private final double stops;

    /**
     * @param stops probability that it says stop
     */
    Talker(String channel, String name, Peer.Kind kind, @Nullable String threadId, double stops) {
        this.stops = stops;
        this.who = channel + "." + name;
        this.channel = channel;
        this.peer = new Peer(kind, name);
        this.threadId = threadId;
    }

    Question ask(Chance chance) {
        var question = new Question(questions.size(), Script.question(who, questions.size(), chance, stops));
        questions.add(question);
        return question;
    }

    InboundMessage message(Question question) {
        return InboundMessage.from(peer, question.text)
                .threadId(threadId)
                .remoteId(who + "." + question.index)
                .build();
    }

    /** Where answers to this talker go. */
    String lane() {
        return lane(channel, peer, threadId);
    }

    static String lane(String channel, OutboundMessage message) {
        return lane(channel, message.to(), message.threadId());
    }

    private static String lane(String channel, Peer peer, @Nullable String threadId) {
        return channel + "/" + peer.kind().word() + ":" + peer.id() + (threadId == null ? "" : "/" + threadId);
    }
}
