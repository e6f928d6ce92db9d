package dev.patchbay.hub.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.store.StoredNote;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/** How schedules and their states are written down. A schedule and its state are two notes: the first never changes. */
final class ScheduleNotes {
    /** Schedules that the API has made. */
    static final String MADE = "schedule";

    /** What has become of a schedule, wherever it comes from. */
    static final String STATES = "schedule-state";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A note holds no more. */
    private static final int LENGTH_MAX = 8_000;

    /**
     * What is remembered of a schedule.
     *
     * @param of which timing it belongs to: after a change of the file it starts anew
     * @param next empty: there is none any more
     */
    record State(
            String of,
            Instant since,
            Optional<Instant> next,
            Optional<Instant> lastRun,
            Optional<ScheduleStatus.Result> lastResult,
            Optional<String> error) {

        static State first(ScheduleSpec spec) {
            return new State(
                    fingerprint(spec),
                    spec.since(),
                    spec.timing() instanceof Timing.At(Instant moment)
                            ? Optional.of(moment)
                            : spec.timing().next(spec.since()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        boolean isOf(ScheduleSpec spec) {
            return of.equals(fingerprint(spec));
        }
    }

    private ScheduleNotes() {}

    static String fingerprint(ScheduleSpec spec) {
        return spec.source() == ScheduleSpec.Source.API
                ? spec.since() + " " + spec.timing().toText()
                : spec.timing().toText();
    }

    /** @throws IllegalArgumentException if it is too long to be kept */
    static StoredNote write(ScheduleSpec spec) {
        ObjectNode json = JSON.createObjectNode();
        switch (spec.timing()) {
            case Timing.Cron cron ->
                json.put("cron", cron.expression()).put("zone", cron.zone().getId());
            case Timing.At(Instant moment) -> json.put("at", moment.toString());
            case Timing.Every(Duration period, Instant since) -> json.put("every", period.toString());
        }
        json.put("agent", spec.agentId())
                .put("text", spec.text())
                .put("deliver", spec.target().toString())
                .put("since", spec.since().toString());
        String value = json.toString();
        if (value.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("the text is too long to be kept");
        }
        return new StoredNote(MADE, spec.name(), value);
    }

    /** Empty if it cannot be read. */
    static Optional<ScheduleSpec> spec(StoredNote note) {
        try {
            JsonNode json = JSON.readTree(note.value());
            Instant since = Instant.parse(json.path("since").asText());
            Timing timing;
            if (json.has("cron")) {
                timing = Timing.cron(
                        json.path("cron").asText(), ZoneId.of(json.path("zone").asText()));
            } else if (json.has("at")) {
                timing = Timing.at(json.path("at").asText());
            } else {
                timing = new Timing.Every(Duration.parse(json.path("every").asText()), since);
            }
            return Optional.of(new ScheduleSpec(
                    note.name(),
                    timing,
                    json.path("agent").asText(),
                    json.path("text").asText(),
                    Target.parse(json.path("deliver").asText()),
                    ScheduleSpec.Source.API,
                    since));
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    static StoredNote write(String name, State state) {
        ObjectNode json = JSON.createObjectNode();
        json.put("of", state.of()).put("since", state.since().toString());
        state.next().ifPresent(when -> json.put("next", when.toString()));
        state.lastRun().ifPresent(when -> json.put("last_run_at", when.toString()));
        state.lastResult().ifPresent(result -> json.put("last_result", result.word()));
        state.error().ifPresent(why -> json.put("error", why));
        return new StoredNote(STATES, name, json.toString());
    }

    /** Empty if it cannot be read. */
    static Optional<State> state(StoredNote note) {
        try {
            JsonNode json = JSON.readTree(note.value());
            return Optional.of(new State(
                    json.path("of").asText(),
                    Instant.parse(json.path("since").asText()),
                    moment(json, "next"),
                    moment(json, "last_run_at"),
                    Optional.ofNullable(json.get("last_result"))
                            .map(each ->
                                    ScheduleStatus.Result.valueOf(each.asText().toUpperCase(Locale.ROOT))),
                    Optional.ofNullable(json.get("error")).map(JsonNode::asText)));
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> moment(JsonNode json, String name) {
        return Optional.ofNullable(json.get(name)).map(each -> Instant.parse(each.asText()));
    }
}
