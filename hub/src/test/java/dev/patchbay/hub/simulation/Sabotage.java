package dev.patchbay.hub.simulation;

import dev.patchbay.api.Pacing;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.store.Accepted;
import dev.patchbay.hub.store.InboundRef;
import dev.patchbay.hub.store.NewInbound;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.TurnCommit;
import dev.patchbay.hub.store.TurnEnd;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What is broken on purpose, to see whether the judge sees it. */
enum Sabotage {
    NONE(""),

    /** Every fifth message is said to be stored and is not. */
    LOSES_MESSAGES("stands in the transcript 0 times"),

    /** Every fifth turn is stored without its answer. */
    LOSES_ANSWERS("of which 0 were queued"),

    /** Senders hear that their messages are taken before they are stored. */
    ACKNOWLEDGES_FIRST("arrives after the answer to"),

    /** Senders hear that their messages are taken although they could not be stored. */
    ACKNOWLEDGES_ANYWAY("stands in the transcript 0 times"),

    /** The beginning of an attempt is not written down. */
    FORGETS_ATTEMPTS("is repeated without the mark"),

    /** Each message goes out twice. */
    SENDS_TWICE("is repeated without the mark"),

    /** The hub knows nothing of the platforms' limits. */
    KNOWS_NO_LIMITS("gets more than it allows"),

    /** After a restart the messages of one session are taken for those of several. */
    MIXES_UP_SESSIONS("two turns at once"),

    /** The messages of one answer go out in reverse order. */
    TURNS_ANSWERS_AROUND("arrived after a younger one");

    private static final int FIFTH = 5;

    /** What the judge has to say to it. */
    final String objection;

    Sabotage(String objection) {
        this.objection = objection;
    }

    Outlets.Traits ofTraits(Outlets.Traits whole) {
        return this == KNOWS_NO_LIMITS
                ? new Outlets.Traits(whole.capabilities(), whole.textLimit(), Pacing.NONE)
                : whole;
    }

    Store ofStore(Store whole) {
        return this == NONE
                ? whole
                : (Store) Proxy.newProxyInstance(
                        Sabotage.class.getClassLoader(),
                        new Class<?>[] {Store.class},
                        (proxy, method, arguments) ->
                                broken(whole, method, arguments == null ? new Object[0] : arguments));
    }

    private @Nullable Object broken(Store whole, Method method, Object[] arguments) throws Throwable {
        String call = method.getName();
        Object first = arguments.length == 0 ? "" : arguments[0];
        boolean isUnlucky = (first instanceof NewInbound message && isUnlucky(message.messageId()))
                || (first instanceof TurnEnd end && isUnlucky(end.messageId()));
        if (this == LOSES_MESSAGES && isUnlucky && first instanceof NewInbound message) {
            return new Accepted(message.messageId(), false, true);
        }
        if (this == LOSES_ANSWERS && isUnlucky && first instanceof TurnEnd end) {
            return invented(
                    whole.completeTurn(new TurnEnd(
                            end.messageId(),
                            end.session(),
                            end.lines(),
                            List.of(),
                            end.note(),
                            end.archives(),
                            end.together(),
                            end.use())),
                    end);
        }
        if (this == TURNS_ANSWERS_AROUND && first instanceof TurnEnd end) {
            TurnCommit commit = whole.completeTurn(end);
            return new TurnCommit(commit.lineSeqs(), commit.deliverySeqs().reversed());
        }
        if (this == FORGETS_ATTEMPTS && call.equals("attemptStarted")) {
            return null;
        }
        if (this == MIXES_UP_SESSIONS && call.equals("pendingInbound")) {
            return whole.pendingInbound((long) first, (int) arguments[1]).stream()
                    .map(each -> new InboundRef(
                            each.seq(),
                            each.messageId(),
                            each.sessionKey() + " or " + each.messageId(),
                            each.bodyBytes()))
                    .toList();
        }
        return whole(whole, method, arguments);
    }

    private static @Nullable Object whole(Store whole, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(whole, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private static TurnCommit invented(TurnCommit commit, TurnEnd end) {
        long last = commit.lineSeqs().getLast();
        return new TurnCommit(
                commit.lineSeqs(),
                LongStream.rangeClosed(1, end.deliveries().size())
                        .mapToObj(each -> last * 1_000_000 + each)
                        .toList());
    }

    private static boolean isUnlucky(String messageId) {
        return messageId.hashCode() % FIFTH == 0;
    }
}
