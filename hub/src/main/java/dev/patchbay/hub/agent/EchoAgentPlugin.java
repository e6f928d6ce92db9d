package dev.patchbay.hub.agent;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Settings;
import dev.patchbay.api.Turn;
import java.util.List;

/**
 * {@code type: echo}: says again exactly what was said, word by word. A message that has only attachments gets them back, so that
 * files can be tried both ways; beside a text they are left out, since the answer is exactly the text.
 */
public final class EchoAgentPlugin implements AgentPlugin {
    /** A long text goes out in about so many pieces, so that its length costs no more than its bytes. */
    private static final int PIECES_ABOUT = 1_000;

    @Override
    public String type() {
        return "echo";
    }

    @Override
    public String settingsSchema() {
        return """
            {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","additionalProperties":false}\
            """;
    }

    @Override
    public Agent open(String agentId, Settings settings) {
        return EchoAgentPlugin::echo;
    }

    private static Reply echo(Turn turn, ReplySink sink) {
        String text = turn.text();
        if (text.isBlank()) {
            return turn.attachments().isEmpty()
                    ? Reply.silence()
                    : new Reply(List.of(new Reply.Message("", turn.attachments())), 0, 0);
        }
        int pieceMin = text.length() / PIECES_ABOUT;
        int from = 0;
        for (int i = 1; i < text.length(); i++) {
            boolean wordBegins = Character.isWhitespace(text.charAt(i - 1)) && !Character.isWhitespace(text.charAt(i));
            if (wordBegins && i - from >= pieceMin) {
                sink.delta(text.substring(from, i));
                from = i;
            }
        }
        sink.delta(text.substring(from));
        return Reply.text(text);
    }
}
