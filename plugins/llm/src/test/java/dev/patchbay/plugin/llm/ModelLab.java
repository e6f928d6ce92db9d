package dev.patchbay.plugin.llm;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentHost;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.Recollection;
import dev.patchbay.api.Reply;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.api.Turn;
import dev.patchbay.fakes.model.FakeModel;
import dev.patchbay.testkit.MemoryAttachments;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One agent, a model's server that does as it is told, and a clock on which every wait is over at once. */
final class ModelLab implements AfterEachCallback {
    final FakeModel model = FakeModel.start(0);
    final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
    final List<String> shown = Collections.synchronizedList(new ArrayList<>());
    final List<Turn.Line> history = new ArrayList<>();
    final List<String> recalled = new ArrayList<>();
    final MemoryAttachments files = new MemoryAttachments();
    Duration timeout = Duration.ofSeconds(60);

    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final List<Attachment> attached = new ArrayList<>();
    private Optional<Agent> opened = Optional.empty();

    ModelLab() {
        with("provider", "openai");
        with("base-url", model.url());
        with("model", "big");
    }

    ModelLab with(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    void attach(Attachment attachment) {
        attached.add(attachment);
    }

    void past(String role, String text) {
        history.add(
                new Turn.Line(role, text, Instant.parse("2026-03-01T10:00:00Z").plusSeconds(history.size())));
    }

    Agent agent() {
        if (opened.isEmpty()) {
            var problems = new ArrayList<SettingProblem>();
            LlmSettings read = LlmSettings.read(Settings.of(settings), problems);
            if (!problems.isEmpty()) {
                throw new IllegalStateException(problems.toString());
            }
            opened = Optional.of(new LlmAgent("main", read, new Host(), new Patience() {
                private long skipped;

                @Override
                public synchronized long nanos() {
                    return System.nanoTime() + skipped;
                }

                @Override
                public synchronized void pause(Duration time) {
                    waits.add(time);
                    skipped += time.toNanos();
                }
            }));
        }
        return opened.get();
    }

    Reply ask(String text) throws AgentFailed, InterruptedException {
        return agent().reply(turn(text), shown::add);
    }

    static String text(Reply reply) {
        return reply.messages().getFirst().text();
    }

    Turn turn(String text) {
        return new Turn(
                "m1",
                "agent:main:main",
                "main",
                "api",
                "default",
                null,
                null,
                text,
                attached,
                limit -> history.subList(Math.max(0, history.size() - limit), history.size()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        opened.ifPresent(Agent::close);
        model.close();
    }

    private final class Host implements AgentHost {
        @Override
        public List<Recollection> recall(Turn turn, String query, int limit) {
            recalled.add(query + " " + limit);
            return List.of(new Recollection(
                    "agent:main:main",
                    "m0",
                    "user",
                    "my cat is called **Mia**",
                    Instant.parse("2026-02-01T10:00:00Z"),
                    1));
        }

        @Override
        public Attachments attachments() {
            return files;
        }

        @Override
        public Duration timeout() {
            return timeout;
        }
    }
}
