package dev.patchbay.hub.agent.http;

import static dev.patchbay.hub.agent.Turns.spec;

import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.agent.Turns;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.attachment.TestFiles;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The agent {@code main} of type http, before a {@link FakeAgentServer}; closed after each test. */
final class HttpAgentFixture implements AfterEachCallback {
    final List<String> shown = Collections.synchronizedList(new ArrayList<>());
    /** Opens with the first piece. */
    final CountDownLatch firstShown = new CountDownLatch(1);

    private final Map<String, Object> settings = new HashMap<>();
    private AttachmentDesk files = TestFiles.nowhere();
    private Duration timeout = Duration.ofSeconds(30);
    private Optional<Agents> opened = Optional.empty();

    HttpAgentFixture keeping(AttachmentDesk where) {
        files = where;
        return this;
    }

    HttpAgentFixture at(FakeAgentServer server) {
        settings.put("url", server.url());
        return this;
    }

    HttpAgentFixture with(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    HttpAgentFixture timeout(Duration value) {
        timeout = value;
        return this;
    }

    Agents agents() throws InterruptedException {
        if (opened.isEmpty()) {
            ThreadFactory threads = Thread.ofVirtual().factory();
            Clock clock = Clock.fixed(Instant.ofEpochSecond(1_767_225_600), ZoneOffset.UTC);
            opened = Optional.of(Agents.open(
                    List.of(spec("main", "http")
                            .timeout(timeout)
                            .settings(settings)
                            .build()),
                    Map.of("http", new HttpAgentPlugin(clock, threads, files)),
                    Meters.NONE,
                    new World(clock, (when, action) -> {}, Thread.ofVirtual()::start, new Random(1)),
                    threads));
        }
        return opened.get();
    }

    TurnResult run(String text) throws InterruptedException {
        return agents().run("main", Turns.turn(text), this::show);
    }

    private void show(String piece) {
        shown.add(piece);
        firstShown.countDown();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        opened.ifPresent(Agents::close);
    }
}
