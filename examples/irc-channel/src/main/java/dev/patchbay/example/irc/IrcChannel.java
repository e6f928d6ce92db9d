package dev.patchbay.example.irc;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One nick on one server. IRC confirms no message, but servers do everything in order: each delivery ends with a {@code PING}, whose
 * {@code PONG} comes back when the server has dealt with the lines before it, and after the error that one of them met.
 */
final class IrcChannel implements Channel {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** A short break costs no more than this wait. */
    private static final Duration LINK_WAIT = Duration.ofSeconds(5);

    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
    private static final int WAITING_MAX = 1_000;
    private static final int NICKS_TRIED_MAX = 4;

    private final IrcSettings settings;
    private final ChannelHost host;
    private final Map<String, Sending> sendings = new ConcurrentHashMap<>();
    private final BlockingQueue<InboundMessage> taken = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread reader = Thread.ofVirtual().name("irc-reader").unstarted(this::stayConnected);
    private final Thread intake = Thread.ofVirtual().name("irc-intake").unstarted(this::handIn);
    private volatile @Nullable IrcLink connecting;
    private volatile @Nullable IrcLink link;
    private volatile String nick;
    private volatile boolean isClosed;

    /** Lines on their way, until the server has dealt with them or the connection has gone. */
    private static final class Sending {
        private final CountDownLatch over = new CountDownLatch(1);
        private final String target;
        private volatile @Nullable DeliveryOutcome trouble;

        Sending(String target) {
            this.target = target;
        }
    }

    private IrcChannel(IrcSettings settings, ChannelHost host) {
        this.settings = settings;
        this.host = host;
        this.nick = settings.nick();
    }

    /** Returns at once; how the connection is doing is reported. */
    static IrcChannel open(IrcSettings settings, ChannelHost host) {
        var channel = new IrcChannel(settings, host);
        host.report(Condition.DEGRADED, "connecting");
        channel.intake.start();
        channel.reader.start();
        return channel;
    }

    @Override
    public DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
        IrcLink current = awaitLink();
        if (current == null) {
            return new Paced("not connected", Duration.ofSeconds(2), Paced.Scope.ACCOUNT);
        }
        String target = message.to().id();
        // The id comes from outside and goes into a line: nothing that could begin another command.
        if (target.isBlank() || target.length() > 50 || !target.matches("[^\\s,:\\p{Cntrl}][^\\s,\\p{Cntrl}]*")) {
            return new Refused("\"" + target + "\" is neither a nick nor a channel");
        }
        var sending = new Sending(target.toLowerCase(Locale.ROOT));
        String token = message.idempotencyKey();
        sendings.put(token, sending);
        try {
            current.write(lines(target, message.text(), token));
            if (!sending.over.await(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Unknown("the server did not answer within " + ANSWER_MAX.toSeconds() + " s");
            }
            DeliveryOutcome trouble = sending.trouble;
            return trouble == null ? new Delivered("") : trouble;
        } catch (IOException broken) {
            current.close();
            return new Unknown("the connection broke: " + broken.getMessage());
        } finally {
            sendings.remove(token);
        }
    }

    private synchronized @Nullable IrcLink awaitLink() throws InterruptedException {
        long end = System.nanoTime() + LINK_WAIT.toNanos();
        while (link == null && !isClosed && System.nanoTime() < end) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
        return isClosed ? null : link;
    }

    private synchronized void linked(@Nullable IrcLink now) {
        link = now;
        notifyAll();
    }

    private static String[] lines(String target, String text, String token) {
        return Stream.concat(
                        Arrays.stream(text.split("\\R"))
                                .map(line -> line.replaceAll("\\p{Cntrl}", " "))
                                .filter(line -> !line.isBlank())
                                .map(line -> "PRIVMSG " + target + " :" + line),
                        Stream.of("PING :" + token))
                .toArray(String[]::new);
    }

    @Override
    public void close() {
        isClosed = true;
        linked(null);
        IrcLink current = connecting;
        if (current != null) {
            current.close();
        }
        reader.interrupt();
        intake.interrupt();
        try {
            reader.join(Duration.ofSeconds(4));
            intake.join(Duration.ofSeconds(4));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void stayConnected() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!isClosed) {
                String why = converse();
                boolean worked = link != null;
                linked(null);
                sendings.values().forEach(each -> end(each, new Unknown("the connection broke")));
                if (isClosed || why == null) {
                    return;
                }
                host.report(Condition.DEGRADED, why);
                pause = worked ? FIRST_PAUSE : longer(pause);
                Thread.sleep(pause);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Connects and listens until that ends; says why, null if it is no use to try again. */
    private @Nullable String converse() {
        try (IrcLink fresh = IrcLink.connect(settings)) {
            connecting = fresh;
            nick = settings.nick();
            if (!settings.password().isEmpty()) {
                fresh.write("PASS :" + settings.password());
            }
            fresh.write("NICK " + nick, "USER " + nick + " 0 * :Patchbay");
            for (IrcLine line = fresh.read(); line != null && !isClosed; line = fresh.read()) {
                String refused = take(fresh, line);
                if (refused != null) {
                    host.report(Condition.FAILED, refused);
                    return null;
                }
            }
            return "the server has closed the connection";
        } catch (IOException | RuntimeException trouble) {
            return settings.host() + ":" + settings.port() + ": " + trouble.getMessage();
        }
    }

    /** Deals with one line; says what keeps us out for good, if it does. */
    private @Nullable String take(IrcLink from, IrcLine line) throws IOException {
        switch (line.command()) {
            case "PING" -> from.write("PONG :" + line.lastParameter());
            case "PONG" -> {
                Sending sending = sendings.get(line.lastParameter());
                if (sending != null) {
                    end(sending, null);
                }
            }
            case "001" -> {
                nick = line.parameter(0);
                for (String channel : settings.join()) {
                    from.write("JOIN " + channel);
                }
                linked(from);
                host.report(Condition.RUNNING, "");
            }
            // Taken, perhaps by ourselves from before a crash: the next free one.
            case "433", "436" -> {
                if (link == null && nick.length() >= settings.nick().length() + NICKS_TRIED_MAX) {
                    return "the nick " + settings.nick() + " is taken, and so are the next ones: choose another";
                }
                if (link == null) {
                    String next = nick + "_";
                    nick = next;
                    from.write("NICK " + next);
                }
            }
            case "432" -> {
                return "the server does not allow the nick " + settings.nick() + ": choose another";
            }
            case "464", "465" -> {
                return "the server lets us not in: " + line.lastParameter();
            }
            case "401", "403", "404", "407", "411" -> {
                String target = line.parameter(1).toLowerCase(Locale.ROOT);
                sendings.values().stream()
                        .filter(each -> each.target.equals(target))
                        .forEach(each -> each.trouble = new Refused(line.lastParameter()));
            }
            case "PRIVMSG" -> said(line);
            default -> {} // Joins, topics, the message of the day: nothing for an agent.
        }
        return null;
    }

    private static void end(Sending sending, @Nullable DeliveryOutcome trouble) {
        if (trouble != null) {
            sending.trouble = trouble;
        }
        sending.over.countDown();
    }

    private void said(IrcLine line) {
        String text = line.lastParameter();
        if (text.startsWith("\u0001") || line.sender().isEmpty() || text.isBlank()) {
            return; // A program's question to a program.
        }
        String target = line.parameter(0);
        boolean isGroup = target.startsWith("#") || target.startsWith("&");
        String own = nick.toLowerCase(Locale.ROOT);
        boolean isNamed = text.toLowerCase(Locale.ROOT).matches("(?s)@?" + Pattern.quote(own) + "\\b.*");
        String stripped = isNamed ? text.replaceFirst("(?i)^@?" + Pattern.quote(nick) + "[:,]?\\s*", "") : text;
        Peer peer = isGroup
                ? new Peer(Peer.Kind.GROUP, target.toLowerCase(Locale.ROOT))
                : Peer.direct(line.sender().toLowerCase(Locale.ROOT));
        InboundMessage message = InboundMessage.from(peer, stripped.isBlank() ? text : stripped)
                .sender(new Sender(line.sender().toLowerCase(Locale.ROOT), line.sender()))
                .addressed(!isGroup || isNamed)
                .build();
        if (!taken.offer(message)) {
            host.report(Condition.DEGRADED, "more is said than can be taken in; some of it is lost");
        }
    }

    /** On a thread of its own: while the hub cannot store, the server's PINGs must still be answered. */
    private void handIn() {
        try {
            while (!isClosed) {
                handIn(taken.take());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void handIn(InboundMessage message) throws InterruptedException {
        while (true) {
            try {
                host.receive(message);
                return;
            } catch (NotAccepted refused) {
                if (refused.retryAfter().isZero()) {
                    return;
                }
                Thread.sleep(refused.retryAfter());
            } catch (RuntimeException trouble) {
                host.report(Condition.DEGRADED, "a message cannot be handed in: " + trouble);
                return;
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }
}
