package dev.patchbay.hub.session;

import dev.patchbay.api.Command;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredSession;
import dev.patchbay.hub.tenant.Tenants;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Commands that the hub answers itself, in the session's lane like any message, whoever the agent is. Words with a slash that are
 * not among them are the agent's. Safe for many threads.
 */
public final class ChatCommands {
    /** Key in the metadata of a line that belongs to a command: agents are not shown it. */
    static final String METADATA = "command";

    private static final String NEW = "new";
    private static final String STOP = "stop";
    private static final List<Command> ALL = List.of(
            new Command("start", "Begin here"),
            new Command(NEW, "Start afresh: what was said is put away"),
            new Command(STOP, "End the answer that is being written"),
            new Command("status", "Show who answers here and what waits"),
            new Command("help", "Show what can be typed"));

    private final Store store;
    private final Deliveries deliveries;
    private final String version;
    private final Tenants tenants;
    private final Switch isOn;

    /** Whether an account understands commands. */
    @FunctionalInterface
    public interface Switch {
        boolean isOn(String channel, String accountId);
    }

    /**
     * What the hub says to a command.
     *
     * @param startsAfresh the transcript is to be put away
     */
    record Said(String command, String text, boolean startsAfresh) {}

    /**
     * @param version the hub's
     */
    public ChatCommands(Store store, Deliveries deliveries, String version, Tenants tenants, Switch isOn) {
        this.store = store;
        this.deliveries = deliveries;
        this.version = version;
        this.tenants = tenants;
        this.isOn = isOn;
    }

    /** What an account understands; nothing if commands are switched off there. */
    public List<Command> of(String channel, String accountId) {
        return isOn.isOn(channel, accountId) ? ALL : List.of();
    }

    /** The command that a message begins with; empty if it is for the agent. */
    Optional<String> word(Envelope message) {
        String text = message.text().strip();
        if (!text.startsWith("/")) {
            return Optional.empty();
        }
        String word = text.split("\\s", 2)[0].substring(1);
        return of(message.channel(), message.accountId()).stream()
                .map(Command::name)
                .filter(word::equals)
                .findFirst();
    }

    /** Whether a message is to end the turn that runs, and so cannot wait for it. */
    boolean isStop(Envelope message) {
        return word(message).filter(STOP::equals).isPresent();
    }

    /**
     * The answer to {@code /stop}.
     *
     * @param hasEnded whether there was something to end
     * @param waiting messages that wait for their turns
     */
    static Said stopped(boolean hasEnded, int waiting) {
        String rest =
                switch (waiting) {
                    case 0 -> "";
                    case 1 -> " One message waits and is answered now.";
                    default -> " " + waiting + " messages wait and are answered now.";
                };
        return new Said(STOP, (hasEnded ? "Stopped." : "There is nothing to stop.") + rest, false);
    }

    /** The answer to a message that begins with a command; empty if it is for the agent. */
    Optional<Said> answer(Turns.Pending message) throws InterruptedException {
        Optional<String> word = word(message.envelope());
        return word.isEmpty() ? Optional.empty() : Optional.of(said(word.get(), message));
    }

    private Said said(String word, Turns.Pending message) throws InterruptedException {
        List<Command> understood =
                of(message.envelope().channel(), message.envelope().accountId());
        return switch (word) {
            case "start" ->
                new Said(word, "Hello! Write, and " + message.agentId() + " answers.\n\n" + list(understood), false);
            case NEW -> new Said(word, "A new conversation. What was said before is put away.", true);
            // One that waited for a start has come too late for the turn that ran before it.
            case STOP -> stopped(false, 0);
            case "status" -> new Said(word, status(message), false);
            default -> new Said(word, list(understood), false);
        };
    }

    private String status(Turns.Pending message) throws InterruptedException {
        Envelope from = message.envelope();
        long lines = store.session(message.sessionKey())
                .map(StoredSession::messageCount)
                .orElse(0L);
        var text = new StringBuilder("Agent: " + message.agentId());
        text.append("\nSession: ").append(message.sessionKey());
        text.append("\nMessages: ").append(lines);
        // A program may speak in the name of any channel, and the account there may be somebody else's.
        if (tenants.mayMeet(from.channel(), from.accountId(), message.agentId())) {
            text.append("\nWaiting to be sent: ")
                    .append(deliveries.depth(from.channel(), from.accountId()).open());
        }
        return text.append("\nHub: ").append(version).toString();
    }

    private static String list(List<Command> commands) {
        return commands.stream()
                .map(each -> "/" + each.name() + ": " + each.description())
                .collect(Collectors.joining("\n"));
    }
}
