package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.gateway.rpc.RpcType;
import dev.patchbay.hub.schedule.ScheduleRefused;
import dev.patchbay.hub.schedule.ScheduleSpec;
import dev.patchbay.hub.schedule.ScheduleStatus;
import dev.patchbay.hub.schedule.Schedules;
import dev.patchbay.hub.schedule.Timing;
import dev.patchbay.hub.session.Target;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns at given times: shown, made, taken away. */
public final class ScheduleMethods {
    private static final String FIELDS =
            "name, source (config|api), agent_id, cron?, zone?, at?, every?, text, deliver,"
                    + " next_run_at?, last_run_at?, last_result? (sent|silent|failed), last_error?";

    private final Schedules schedules;
    private final String defaultAgent;
    private final Clock clock;

    public ScheduleMethods(Schedules schedules, String defaultAgent, Clock clock) {
        this.schedules = schedules;
        this.defaultAgent = defaultAgent;
        this.clock = clock;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named("schedules.list", Access.READ, "Shows the schedules, by name.")
                        .seen()
                        .takes(Params.LIMIT, Params.CURSOR)
                        .returns("schedules[{" + FIELDS + "}], next_cursor?")
                        .by(this::list),
                RpcMethod.named("schedules.create", Access.OPERATE, "Makes a schedule, for good.")
                        .seen()
                        .takes(
                                Params.name("name", "a-z, 0-9, - and _, at most 64; not taken"),
                                Params.maybe("cron", "five fields: minute hour day month weekday"),
                                Params.maybe("at", "once, at this moment (RFC 3339)"),
                                Params.maybe("every", "again and again: 30s, 5m, 6h, 7d"),
                                Params.maybe("zone", "of cron, for instance Europe/Berlin; the hub's unless said"),
                                Params.maybe("agent_id", "who is told; the default agent unless said"),
                                RpcParameter.required(
                                        "text", new RpcType.FreeText(Schedules.TEXT_MAX), "what the agent is told"),
                                Params.maybe(
                                        "deliver",
                                        "who hears the answer: CHANNEL:ACCOUNT:KIND:PEER, last, or none unless said"))
                        .returns(FIELDS)
                        .by(this::create),
                RpcMethod.named("schedules.delete", Access.OPERATE, "Takes a schedule away that the API has made.")
                        .seen()
                        .takes(Params.name("name", "which"))
                        .returns("deleted")
                        .by(this::delete));
    }

    private RpcResult list(RpcCall call) {
        String after = Params.cursor(call).orElse("");
        int limit = Params.limit(call);
        List<ScheduleStatus> rest = schedules.list().stream()
                .filter(each -> each.spec().name().compareTo(after) > 0)
                .filter(each -> call.caller().sees().agent(each.spec().agentId()))
                .toList();
        List<ScheduleStatus> page = rest.subList(0, Math.min(limit, rest.size()));
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("schedules");
            for (ScheduleStatus each : page) {
                write(json, each);
            }
            json.writeEndArray();
            Json.optional(
                    json,
                    "next_cursor",
                    page.size() < rest.size() ? page.getLast().spec().name() : null);
            json.writeEndObject();
        };
    }

    private RpcResult create(RpcCall call) throws RpcException, InterruptedException {
        Instant now = clock.instant();
        var spec = new ScheduleSpec(
                call.text("name"),
                timing(call, now),
                Params.agent(call, call.optionalText("agent_id"), defaultAgent),
                call.text("text"),
                target(call),
                ScheduleSpec.Source.API,
                now);
        try {
            ScheduleStatus made = schedules.create(spec);
            return json -> write(json, made);
        } catch (ScheduleRefused refused) {
            throw RpcException.invalid(refused.parameter(), refused.why());
        }
    }

    private RpcResult delete(RpcCall call) throws RpcException, InterruptedException {
        try {
            if (!isSeen(call) || !schedules.delete(call.text("name"))) {
                throw RpcException.of(
                        ErrorCode.NOT_FOUND, "there is no schedule of that name; schedules.list shows them");
            }
        } catch (ScheduleRefused refused) {
            throw RpcException.invalid(refused.parameter(), refused.why());
        }
        return json -> {
            json.writeStartObject();
            json.writeBooleanField("deleted", true);
            json.writeEndObject();
        };
    }

    private boolean isSeen(RpcCall call) {
        return schedules.list().stream()
                .filter(each -> each.spec().name().equals(call.text("name")))
                .allMatch(each -> call.caller().sees().agent(each.spec().agentId()));
    }

    private static Timing timing(RpcCall call, Instant now) throws RpcException {
        @Nullable String cron = call.textOrNull("cron");
        @Nullable String at = call.textOrNull("at");
        @Nullable String every = call.textOrNull("every");
        if (Stream.of(cron, at, every).filter(Objects::nonNull).count() != 1) {
            throw RpcException.invalid("cron", "give exactly one of cron, at and every");
        }
        ZoneId zone = zone(call);
        if (cron != null) {
            return parsed("cron", () -> Timing.cron(cron, zone));
        }
        if (at != null) {
            return parsed("at", () -> Timing.at(at));
        }
        Duration period = Settings.parseDuration(Objects.requireNonNull(every))
                .orElseThrow(() -> RpcException.invalid("every", "is no duration; write for instance 6h"));
        return parsed("every", () -> new Timing.Every(period, now));
    }

    private static ZoneId zone(RpcCall call) throws RpcException {
        try {
            return call.optionalText("zone").map(ZoneId::of).orElseGet(ZoneId::systemDefault);
        } catch (DateTimeException unknown) {
            throw RpcException.invalid("zone", "is no time zone; write for instance Europe/Berlin");
        }
    }

    private static Target target(RpcCall call) throws RpcException {
        Target target = parsed(
                "deliver", () -> Target.parse(call.optionalText("deliver").orElse("none")));
        if (target.equals(Target.ASKER)) {
            throw RpcException.invalid("deliver", "nobody has asked whose session could be meant");
        }
        return parsed("deliver", () -> Params.seen(call, target));
    }

    private static <T> T parsed(String parameter, Supplier<T> parser) throws RpcException {
        try {
            return parser.get();
        } catch (IllegalArgumentException wrong) {
            throw RpcException.invalid(parameter, String.valueOf(wrong.getMessage()));
        }
    }

    private static void write(JsonGenerator json, ScheduleStatus status) throws IOException {
        ScheduleSpec spec = status.spec();
        json.writeStartObject();
        json.writeStringField("name", spec.name());
        json.writeStringField("source", spec.source().name().toLowerCase(Locale.ROOT));
        json.writeStringField("agent_id", spec.agentId());
        switch (spec.timing()) {
            case Timing.Cron cron -> {
                json.writeStringField("cron", cron.expression());
                json.writeStringField("zone", cron.zone().getId());
            }
            case Timing.At(Instant moment) -> Json.time(json, "at", moment);
            case Timing.Every(Duration period, Instant unused) -> json.writeStringField("every", shown(period));
        }
        json.writeStringField("text", spec.text());
        json.writeStringField("deliver", spec.target().toString());
        Json.time(json, "next_run_at", status.nextRun().orElse(null));
        Json.time(json, "last_run_at", status.lastRun().orElse(null));
        Json.optional(
                json,
                "last_result",
                status.lastResult().map(ScheduleStatus.Result::word).orElse(null));
        Json.optional(json, "last_error", status.error().orElse(null));
        json.writeEndObject();
    }

    /** As it would be written in the configuration. */
    private static String shown(Duration period) {
        if (period.toMillis() % 1_000 != 0) {
            return period.toMillis() + "ms";
        }
        long seconds = period.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
