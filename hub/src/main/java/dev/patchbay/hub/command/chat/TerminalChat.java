package dev.patchbay.hub.command.chat;

import dev.patchbay.hub.command.screen.Colour;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.wire.HubAddress;
import dev.patchbay.hub.command.wire.HubNotReached;
import dev.patchbay.hub.command.wire.RpcFailure;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A conversation for people: replies appear while they are written, and what comes in between does not disturb the typing. */
public final class TerminalChat {
    private static final String HELP = """
        /quit or Ctrl-D   leave
        /help             this
        Ctrl-C            drop the line, or stop the reply; once more: do not wait for it
        /new, /status     start afresh; who answers here and what waits
        All else goes to the agent.
        """;

    private final HubAddress address;
    private final Prompt prompt;
    private final ChatLink link;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** The turn whose reply is written where the cursor stands; zero: somebody may be typing. */
    private long awaited;

    /** The awaited turn was told to end. */
    private boolean isStopping;

    /** Turns that told others to end, and are not answered yet. */
    private final Set<Long> stops = new HashSet<>();

    private HarmlessText stream = new HarmlessText();
    private final StringBuilder written = new StringBuilder();
    private @Nullable RpcFailure refused;

    TerminalChat(HubAddress address, Conversation conversation, Prompt prompt) {
        this.address = address;
        this.prompt = prompt;
        this.link = new ChatLink(address, conversation, new Events());
    }

    /**
     * Talks until the user leaves.
     *
     * @throws Failure if the hub is not reached in the beginning, or lets nobody in any more
     */
    ExitCode run() throws InterruptedException {
        try (link) {
            link.open();
            prompt.onInterrupt(this::interrupted);
            prompt.show(Colour.DIM, "Connected to " + address + ". /help tells what can be typed, /quit leaves.");
            while (true) {
                Optional<String> line = prompt.readLine();
                if (line.isEmpty() || line.get().strip().equals("/quit")) {
                    return ExitCode.DONE;
                }
                if (line.get().strip().equals("/help")) {
                    prompt.show(Colour.DIM, HELP.stripTrailing());
                } else if (!line.get().isBlank()) {
                    say(line.get());
                }
            }
        } catch (HubNotReached nobody) {
            throw nobody.asFailure();
        } catch (RpcFailure no) {
            throw no.asFailure(address);
        }
    }

    private void say(String text) throws RpcFailure, InterruptedException {
        lock.lock();
        try {
            stream = new HarmlessText();
            written.setLength(0);
            try {
                awaited = link.say(text);
            } catch (IllegalStateException tooMany) {
                prompt.show(Colour.RED, "too many messages wait for a reply; this one was not sent");
                return;
            }
            while (awaited != 0 && refused == null) {
                changed.await();
            }
            if (refused != null) {
                throw refused;
            }
        } finally {
            lock.unlock();
        }
    }

    private void interrupted() {
        lock.lock();
        try {
            if (awaited == 0) {
                return;
            }
            if (!isStopping) {
                isStopping = true;
                stops.add(link.say("/stop"));
            } else {
                stopWaiting();
            }
        } catch (IllegalStateException tooMany) {
            stopWaiting();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void stopWaiting() {
        endOfLine();
        prompt.show(Colour.DIM, "(the reply will be shown when it comes)");
        over();
    }

    private void endOfLine() {
        if (!written.isEmpty() && written.charAt(written.length() - 1) != '\n') {
            prompt.write(Colour.PLAIN, "\n");
        }
    }

    private void over() {
        awaited = 0;
        isStopping = false;
        changed.signalAll();
    }

    /** Shows what happens. The lock keeps a reply and the prompt apart. */
    private final class Events implements ChatLink.Listener {
        @Override
        public void delta(long turn, String piece) {
            locked(() -> {
                if (turn == awaited) {
                    written.append(piece);
                    prompt.write(Colour.PLAIN, stream.next(piece));
                }
            });
        }

        @Override
        public void reply(long turn, String text) {
            locked(() -> {
                if (turn != awaited) {
                    // What became of the turn says it as well.
                    if (!stops.remove(turn)) {
                        prompt.show(Colour.PLAIN, HarmlessText.of(text));
                    }
                    return;
                }
                if (text.startsWith(written.toString())) {
                    String rest = text.substring(written.length());
                    written.append(rest);
                    prompt.write(Colour.PLAIN, stream.next(rest));
                } else {
                    // The pieces of an attempt that came to nothing stand there already.
                    endOfLine();
                    written.append(text);
                    prompt.write(Colour.PLAIN, HarmlessText.of(text));
                }
                endOfLine();
                over();
            });
        }

        @Override
        public void failed(long turn, RpcFailure why) {
            locked(() -> {
                if (turn == awaited) {
                    endOfLine();
                }
                if (why.isStopped()) {
                    prompt.show(Colour.DIM, "(stopped)");
                } else {
                    prompt.show(Colour.RED, "no reply: " + HarmlessText.line(why.what()));
                }
                if (turn == awaited) {
                    over();
                }
            });
        }

        @Override
        public void message(String text) {
            locked(() -> {
                endOfLine();
                prompt.show(Colour.CYAN, HarmlessText.of(text));
            });
        }

        @Override
        public void lost() {
            locked(() -> {
                endOfLine();
                prompt.show(Colour.YELLOW, "(the hub is gone; waiting for it to come back)");
            });
        }

        @Override
        public void back() {
            locked(() -> prompt.show(Colour.YELLOW, "(the hub is back)"));
        }

        @Override
        public void gap() {
            locked(() -> prompt.show(Colour.YELLOW, "(messages from before may be missing here)"));
        }

        @Override
        public void refused(RpcFailure why) {
            locked(() -> {
                refused = why;
                prompt.show(Colour.RED, "the hub lets us in no more: " + HarmlessText.line(why.what()));
                changed.signalAll();
            });
        }

        private void locked(Runnable action) {
            lock.lock();
            try {
                action.run();
            } finally {
                lock.unlock();
            }
        }
    }
}
