package dev.patchbay.hub.agent.process;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.agent.SecretMask;
import dev.patchbay.hub.agent.wire.AnswerJson;
import dev.patchbay.hub.agent.wire.TurnJson;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.metrics.Meters;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code type: process}: runs a program of the operator's as child processes and talks with them in lines of JSON. Whatever they
 * do, they do outside of the hub: a crash, a leak or a hang costs one turn and one child.
 */
public final class ProcessAgentPlugin implements AgentPlugin {
    private static final Logger log = LoggerFactory.getLogger(ProcessAgentPlugin.class);
    /** The word after {@code type:}. */
    public static final String TYPE = "process";

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration SILENCE_MIN = Duration.ofMillis(10);

    private final AttachmentDesk files;
    private final Meters meters;
    private final Map<String, String> surroundings;
    private final WorkerPool.Rules rules;
    private final Watch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Launcher launcher;

    /**
     * Makes the plugin; costs nothing until the first agent is opened.
     *
     * @param files where attachments are linked to, and where those in answers are kept
     * @param surroundings the hub's environment, of which programs see PATH, HOME, LANG and TZ
     */
    public ProcessAgentPlugin(AttachmentDesk files, Meters meters, Map<String, String> surroundings) {
        this(files, meters, surroundings, WorkerPool.Rules.USUAL, LOOK_EVERY);
    }

    ProcessAgentPlugin(
            AttachmentDesk files,
            Meters meters,
            Map<String, String> surroundings,
            WorkerPool.Rules rules,
            Duration lookEvery) {
        this.files = files;
        this.meters = meters;
        this.surroundings = Map.copyOf(surroundings);
        this.rules = rules;
        watch = new Watch(lookEvery, rules.proc());
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String settingsSchema() {
        return """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "type": "object",
              "properties": {
                "command": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1000,
                  "description": "write the program and its arguments, for instance [python3, agent.py]"},
                "env": {"type": "object", "additionalProperties": {"type": "string"},
                  "description": "variables that the program sees besides PATH, HOME, LANG and TZ: {NAME: value}"},
                "dir": {"type": "string", "description": "its working directory"},
                "max-memory": {"type": "string", "format": "size", "default": "500MB"},
                "silence-limit": {"type": "string", "format": "duration", "default": "5m"},
                "max-restarts-per-hour": {"type": "integer", "minimum": 1, "maximum": 10000, "default": 10},
                "workers": {"type": "integer", "minimum": 1, "maximum": 20, "default": 1},
                "retries": {"type": "integer", "minimum": 0, "maximum": 10, "default": 1},
                "history-limit": {"type": "integer", "minimum": 0, "maximum": 1000, "default": 20}
              },
              "required": ["command"],
              "additionalProperties": false
            }\
            """;
    }

    @Override
    public List<SettingProblem> check(Settings settings) {
        return problems(settings);
    }

    private static List<SettingProblem> problems(Settings settings) {
        var problems = new ArrayList<SettingProblem>();
        if (settings.texts("command").stream().findFirst().orElse("").isBlank()) {
            problems.add(new SettingProblem(
                    "command",
                    "names no program",
                    "write command: [PROGRAM, ARGUMENT, …], for instance [python3, agent.py]"));
        }
        settings.section("env").asMap().keySet().forEach(name -> {
            if (name.isEmpty() || name.contains("=") || name.indexOf('\0') >= 0) {
                problems.add(new SettingProblem("env", "has a name that no variable can have", "write NAME: value"));
            }
        });
        if (settings.bytes("max-memory", 1 << 20) < 1 << 20) {
            problems.add(new SettingProblem("max-memory", "is less than any program needs", "write at least 1MB"));
        }
        if (settings.duration("silence-limit", SILENCE_MIN).compareTo(SILENCE_MIN) < 0) {
            problems.add(new SettingProblem("silence-limit", "is too short", "write at least 10ms"));
        }
        return problems;
    }

    /**
     * What would keep a program from being started on this machine as it is now. Settings that are wrong are no concern of this.
     *
     * @param surroundings the hub's environment
     */
    public static Optional<SettingProblem> obstacle(Settings settings, Map<String, String> surroundings) {
        try {
            return problems(settings).isEmpty()
                    ? Program.of(settings, surroundings).obstacle()
                    : Optional.empty();
        } catch (IllegalArgumentException wrong) {
            return Optional.empty();
        }
    }

    @Override
    public Agent open(String agentId, Settings settings) throws AgentFailed, InterruptedException {
        for (SettingProblem problem : check(settings)) {
            throw new AgentFailed(said(problem));
        }
        Program program = Program.of(settings, surroundings);
        Optional<SettingProblem> obstacle = program.obstacle();
        if (obstacle.isPresent()) {
            throw new AgentFailed(said(obstacle.get()));
        }
        if (!Files.isReadable(rules.proc().resolve("self/stat"))) {
            log.warn("agent={} max-memory is not watched: this system shows no processes in {}", agentId, rules.proc());
        }
        JsonMapper json = AnswerJson.strict();
        var pool = new WorkerPool(
                agentId,
                program,
                launcher(),
                new WorkerPool.Says(new AnswerJson(json, files), new Words(agentId, new SecretMask(settings))),
                rules,
                meters);
        var agent = new ProcessAgent(program, pool, new TurnJson(json, files), watch);
        try {
            agent.open();
            return agent;
        } catch (AgentFailed | InterruptedException | RuntimeException failed) {
            agent.close();
            throw failed;
        }
    }

    private Launcher launcher() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Launcher known = launcher;
            if (known == null) {
                known = Launcher.tried(surroundings, rules.isNice());
                launcher = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private static String said(SettingProblem problem) {
        return problem.key() + ": " + problem.message() + "; " + problem.cure();
    }
}
