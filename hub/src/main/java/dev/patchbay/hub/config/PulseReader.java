package dev.patchbay.hub.config;

import dev.patchbay.hub.config.PulseConfig.Heartbeat;
import dev.patchbay.hub.config.PulseConfig.Hours;
import dev.patchbay.hub.config.PulseConfig.Schedule;
import dev.patchbay.hub.config.Values.Parser;
import dev.patchbay.hub.config.Values.Wrong;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code heartbeat} of every agent, and the list {@code schedules}. */
final class PulseReader {
    private static final int SCHEDULES_MAX = 1_000;
    private static final int TEXT_MAX = 4_000;
    private static final int SILENCE_MAX = 100;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final Pattern HOURS = Pattern.compile("(\\d{1,2}):(\\d{2})\\s*-\\s*(\\d{1,2}):(\\d{2})");
    private static final int DAY = 24 * 60;

    private final Parser<Path> path;

    PulseReader(Parser<Path> path) {
        this.path = path;
    }

    PulseConfig read(Section root, Collection<String> agents) {
        Section sections = root.section("agents");
        var heartbeats = new LinkedHashMap<String, Heartbeat>();
        for (String agent : sections.names()) {
            Section section = sections.section(agent).section("heartbeat");
            if (section.exists()) {
                heartbeats.put(agent, heartbeat(section));
            }
        }
        return new PulseConfig(heartbeats, schedules(root, agents));
    }

    private Heartbeat heartbeat(Section section) {
        section.refuseUnknown();
        return new Heartbeat(
                section.value("enabled", Values::flag),
                section.value("every", Values::duration),
                section.value("file", path),
                section.optional("active-hours", (text, key) -> hours(text)),
                zone(section),
                section.value("target", (text, key) -> text),
                section.value("silence", (text, key) -> silence(text)),
                section.value("silence-max-chars", Values::number));
    }

    private static List<Schedule> schedules(Section root, Collection<String> agents) {
        List<Section> sections = root.items("schedules");
        if (sections.size() > SCHEDULES_MAX) {
            root.wrong("schedules", "more than " + SCHEDULES_MAX + " schedules", "leave some out");
            return List.of();
        }
        var schedules = new ArrayList<Schedule>();
        var names = new HashSet<String>();
        for (Section section : sections) {
            section.refuseUnknown();
            String name = section.required("name", "write name: WHAT");
            if (!name.isEmpty() && !NAME.matcher(name).matches()) {
                section.wrong(
                        "name",
                        section.quoted("name", name) + " is no name for a schedule",
                        "take a-z, 0-9, - and _, at most 64, no - or _ in front");
            } else if (!name.isEmpty() && !names.add(name)) {
                section.wrong(
                        "name", section.quoted("name", name) + " is the name of an earlier schedule", "rename one");
            }
            schedules.add(schedule(section, name, agents));
        }
        return schedules;
    }

    private static Schedule schedule(Section section, String name, Collection<String> agents) {
        long times = List.of("cron", "at", "every").stream()
                .filter(section.names()::contains)
                .count();
        if (times != 1) {
            section.wrong(
                    "",
                    times == 0 ? "it says no time" : "it says more than one time",
                    "write exactly one of cron: \"0 9 * * *\", at: 2026-12-24T18:00:00+01:00 and every: 6h");
        }
        String agent = section.required("agent", "write agent: NAME");
        if (!agent.isEmpty() && !agents.contains(agent)) {
            section.wrong("agent", "there is no agent " + section.quoted("agent", agent), Nearest.cure(agent, agents));
        }
        String text = section.required("text", "write text: what the agent is told");
        if (text.length() > TEXT_MAX) {
            section.wrong("text", "it is longer than " + TEXT_MAX + " characters", "put the long part into a file");
        }
        return new Schedule(
                name,
                section.text("cron"),
                section.optional("at", (time, key) -> moment(time)),
                section.optional("every", Values::duration),
                zone(section),
                agent,
                text,
                section.value("deliver", (target, key) -> target),
                section.key());
    }

    private static ZoneId zone(Section section) {
        return section.optional("zone", (text, key) -> zone(text)).orElseGet(ZoneId::systemDefault);
    }

    private static ZoneId zone(String text) throws Wrong {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException unknown) {
            throw new Wrong(
                    "is no time zone",
                    Nearest.cure(text, ZoneId.getAvailableZoneIds()) + "; for instance Europe/Berlin");
        }
    }

    private static Instant moment(String text) throws Wrong {
        try {
            return Instant.parse(text);
        } catch (DateTimeException other) {
            throw new Wrong("is no moment", "write it with its offset, for instance 2026-12-24T18:00:00+01:00");
        }
    }

    private static String silence(String text) throws Wrong {
        if (text.length() > SILENCE_MAX) {
            throw new Wrong("is longer than " + SILENCE_MAX + " characters", "take one word");
        }
        return text;
    }

    private static Hours hours(String text) throws Wrong {
        Matcher matcher = HOURS.matcher(text);
        if (!matcher.matches()) {
            throw new Wrong("names no hours", "write for instance \"08:00-22:00\"");
        }
        int from = minute(matcher.group(1), matcher.group(2));
        int until = minute(matcher.group(3), matcher.group(4));
        if (from >= DAY || until > DAY) {
            throw new Wrong("is no time of a day", "hours go from 00:00 to 24:00");
        }
        if (from == until) {
            throw new Wrong("begins when it ends", "leave active-hours out if every hour is meant");
        }
        return new Hours(from, until);
    }

    private static int minute(String hours, String minutes) {
        int minute = Integer.parseInt(minutes);
        // Out of the day is found out by the caller, whatever is wrong with it.
        return minute < 60 ? Integer.parseInt(hours) * 60 + minute : Integer.MAX_VALUE;
    }
}
