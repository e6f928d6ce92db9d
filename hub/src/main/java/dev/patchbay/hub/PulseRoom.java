package dev.patchbay.hub;

import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import dev.patchbay.hub.config.PulseConfig;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.gateway.method.HeartbeatMethods;
import dev.patchbay.hub.gateway.method.ScheduleMethods;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.heartbeat.ActiveHours;
import dev.patchbay.hub.heartbeat.HeartbeatSpec;
import dev.patchbay.hub.heartbeat.Heartbeats;
import dev.patchbay.hub.heartbeat.SilenceRule;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.schedule.ScheduleSpec;
import dev.patchbay.hub.schedule.Schedules;
import dev.patchbay.hub.schedule.Timing;
import dev.patchbay.hub.session.Inbox;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.session.Targets;
import dev.patchbay.hub.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the hub begins by itself when its time has come: heartbeats and schedules. */
final class PulseRoom implements AutoCloseable {
    private final Heartbeats heartbeats;
    private final Schedules schedules;
    private final String defaultAgent;
    private final World world;

    /** What is needed for it. */
    record Means(Store store, Inbox inbox, Targets targets, Deliveries deliveries, Agents agents) {}

    PulseRoom(HubConfig config, Means means, World world) {
        this.world = world;
        this.defaultAgent = config.defaultAgent();
        this.heartbeats = new Heartbeats(
                config.pulse().heartbeats().entrySet().stream()
                        .map(each -> spec(each.getKey(), each.getValue()))
                        .toList(),
                new Heartbeats.Means(
                        means.store(), means.inbox().ownTurns(), means.targets(), means.deliveries(), means.agents()),
                world);
        Instant now = world.clock().instant();
        this.schedules = new Schedules(
                config.pulse().schedules().stream().map(each -> spec(each, now)).toList(),
                new Schedules.Means(means.store(), means.inbox().ownTurns(), means.targets(), means.agents()),
                world);
    }

    /** Goes on where it was; after the inbox has started. */
    void start(Instant latest) throws InterruptedException {
        heartbeats.start(latest);
        schedules.start();
    }

    List<RpcMethod> methods() {
        return Stream.concat(
                        new HeartbeatMethods(heartbeats).all().stream(),
                        new ScheduleMethods(schedules, defaultAgent, world.clock()).all().stream())
                .toList();
    }

    /** Ends what runs; it runs again after the next start. */
    boolean drain(Duration wait) {
        close();
        return true;
    }

    @Override
    public void close() {
        heartbeats.close();
        schedules.close();
    }

    /** What is wrong with times and targets. */
    static List<Problem> problems(LoadedConfig loaded) {
        PulseConfig pulse = loaded.config().pulse();
        var problems = new ArrayList<Problem>();
        pulse.heartbeats()
                .forEach((agent, each) ->
                        checkTarget(loaded, "agents." + agent + ".heartbeat.target", each.target(), problems));
        for (PulseConfig.Schedule each : pulse.schedules()) {
            checkTarget(loaded, each.key() + ".deliver", each.deliver(), problems);
            each.cron().ifPresent(cron -> {
                try {
                    Timing.cron(cron, each.zone());
                } catch (IllegalArgumentException wrong) {
                    problems.add(loaded.places()
                            .error(
                                    each.key() + ".cron",
                                    String.valueOf(wrong.getMessage()),
                                    "write for instance 0 9 * * 1-5"));
                }
            });
        }
        return problems;
    }

    private static void checkTarget(LoadedConfig loaded, String key, String text, List<Problem> problems) {
        String cure = "write CHANNEL:ACCOUNT:KIND:PEER, last or none";
        try {
            Target target = Target.parse(text);
            if (target.equals(Target.ASKER)) {
                problems.add(loaded.places().error(key, "nobody has asked whose session could be meant", cure));
            }
        } catch (IllegalArgumentException wrong) {
            problems.add(loaded.places().error(key, String.valueOf(wrong.getMessage()), cure));
        }
    }

    private static HeartbeatSpec spec(String agent, PulseConfig.Heartbeat heartbeat) {
        return new HeartbeatSpec(
                agent,
                heartbeat.enabled(),
                heartbeat.every(),
                heartbeat.file(),
                heartbeat.hours().map(hours -> new ActiveHours(hours.from(), hours.until(), heartbeat.zone())),
                Target.parse(heartbeat.target()),
                new SilenceRule(heartbeat.silence(), heartbeat.silenceMaxChars()));
    }

    private static ScheduleSpec spec(PulseConfig.Schedule schedule, Instant now) {
        Timing timing = schedule.cron()
                .map(cron -> Timing.cron(cron, schedule.zone()))
                .or(() -> schedule.at().map(Timing.At::new))
                .or(() -> schedule.every().map(period -> new Timing.Every(period, now)))
                .orElseThrow(() -> new IllegalArgumentException("schedule " + schedule.name() + " says no time"));
        return new ScheduleSpec(
                schedule.name(),
                timing,
                schedule.agent(),
                schedule.text(),
                Target.parse(schedule.deliver()),
                ScheduleSpec.Source.CONFIG,
                now);
    }
}
