package dev.patchbay.hub.command.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.wire.RpcClient;
import java.util.Optional;

/**
 * Who talks with whom.
 *
 * @param agent empty: whom the bindings choose
 * @param session empty: the one that the bindings choose for this user
 * @param user the id of the peer on the cli channel
 */
public record Conversation(Optional<String> agent, Optional<String> session, String user) {
    static final String CHANNEL = "cli";

    /** @param key the same on a repeat: the hub answers it once */
    ObjectNode says(String text, String key) {
        ObjectNode params = RpcClient.params().put("text", text).put("idempotency_key", key);
        agent.ifPresent(id -> params.put("agent_id", id));
        session.ifPresentOrElse(
                sessionKey -> params.put("session_key", sessionKey),
                () -> params.putObject("context").put("channel", CHANNEL).put("user_id", user));
        return params;
    }
}
