package dev.patchbay.hub.heartbeat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.store.StoredNote;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;

/**
 * What is remembered of an agent's heartbeat, over restarts too. Immutable.
 *
 * @param due from when on the interval is over
 * @param lastRun when the agent was asked last, and was not interrupted
 * @param lastResult how the latest try ended
 * @param error why it failed
 */
record HeartbeatState(
        Instant due, Optional<Instant> lastRun, Optional<Result> lastResult, Optional<String> error, SaidBefore said) {
    static final String SCOPE = "heartbeat";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ERROR_MAX = 500;

    static HeartbeatState first(Instant due) {
        return new HeartbeatState(due, Optional.empty(), Optional.empty(), Optional.empty(), SaidBefore.NOTHING);
    }

    HeartbeatState dueAt(Instant when) {
        return new HeartbeatState(when, lastRun, lastResult, error, said);
    }

    HeartbeatState skipped() {
        return new HeartbeatState(due, lastRun, Optional.of(Result.SKIPPED), Optional.empty(), said);
    }

    HeartbeatState ran(Instant when, Instant next, Result result, SaidBefore saidNow) {
        return new HeartbeatState(next, Optional.of(when), Optional.of(result), Optional.empty(), saidNow);
    }

    HeartbeatState failed(Instant when, Instant next, String why) {
        return new HeartbeatState(
                next,
                Optional.of(when),
                Optional.of(Result.FAILED),
                Optional.of(why.length() > ERROR_MAX ? why.substring(0, ERROR_MAX) : why),
                said);
    }

    StoredNote note(String agentId) {
        ObjectNode json = JSON.createObjectNode();
        json.put("due", due.toString());
        lastRun.ifPresent(when -> json.put("last_run_at", when.toString()));
        lastResult.ifPresent(result -> json.put("last_result", result.word()));
        error.ifPresent(why -> json.put("error", why));
        ArrayNode texts = json.putArray("said");
        said.texts()
                .forEach(each -> texts.addArray().add(each.hash()).add(each.at().toEpochMilli()));
        return new StoredNote(SCOPE, agentId, json.toString());
    }

    /** Empty if it cannot be read. */
    static Optional<HeartbeatState> read(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            var texts = new ArrayList<SaidBefore.Text>();
            json.path("said")
                    .forEach(each -> texts.add(new SaidBefore.Text(
                            each.path(0).asText(),
                            Instant.ofEpochMilli(each.path(1).asLong()))));
            return Optional.of(new HeartbeatState(
                    Instant.parse(json.path("due").asText()),
                    Optional.ofNullable(json.get("last_run_at")).map(each -> Instant.parse(each.asText())),
                    Optional.ofNullable(json.get("last_result"))
                            .map(each -> Result.valueOf(each.asText().toUpperCase(Locale.ROOT))),
                    Optional.ofNullable(json.get("error")).map(JsonNode::asText),
                    new SaidBefore(texts)));
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
