package dev.patchbay.hub.session;

import dev.patchbay.api.Command;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredSession;
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
    private static final List<Command> ALL = List.of(
            new Command("start", "Begin here"),
            new Command(NEW, "Start afresh: what was said is put away"),
            new Command("status", "Show who answers here and what waits"),
            new Command("help", "Show what can be typed"));

    private final Store store;
    private final Deliveries deliveries;
    private final String version;
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
    public ChatCommands(Store store, Deliveries deliveries, String version, Switch isOn) {
        this.store = store;
        this.deliveries = deliveries;
        this.version = version;
        this.isOn = isOn;
    }

    /** What an account understands; nothing if commands are switched off there. */
    public List<Command> of(String channel, String accountId) {
        return isOn.isOn(channel, accountId) ? ALL : List.of();
    }

    /** The answer to a message that begins with a command; empty if it is for the agent. */
    Optional<Said> answer(Turns.Pending message) throws InterruptedException {
        String text = message.envelope().text().strip();
        if (!text.startsWith("/")) {
            return Optional.empty();
        }
        String word = text.split("\\s", 2)[0].substring(1);
        List<Command> understood =
                of(message.envelope().channel(), message.envelope().accountId());
        if (understood.stream().noneMatch(each -> each.name().equals(word))) {
            return Optional.empty();
        }
        String answer =
                switch (word) {
                    case "start" -> "Hello! Write, and " + message.agentId() + " answers.\n\n" + list(understood);
                    case NEW -> "A new conversation. What was said before is put away.";
                    case "status" -> status(message);
                    default -> list(understood);
                };
        return Optional.of(new Said(word, answer, word.equals(NEW)));
    }

    private String status(Turns.Pending message) throws InterruptedException {
        Envelope from = message.envelope();
        long lines = store.session(message.sessionKey())
                .map(StoredSession::messageCount)
                .orElse(0L);
        return String.join(
                "\n",
                "Agent: " + message.agentId(),
                "Session: " + message.sessionKey(),
                "Messages: " + lines,
                "Waiting to be sent: "
                        + deliveries.depth(from.channel(), from.accountId()).open(),
                "Hub: " + version);
    }

    private static String list(List<Command> commands) {
        return commands.stream()
                .map(each -> "/" + each.name() + ": " + each.description())
                .collect(Collectors.joining("\n"));
    }
}
