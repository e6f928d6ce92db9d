package dev.patchbay.hub.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the drop-ins' folder on a thread of its own: looks when the operating system says so, and every two seconds whatever it
 * says. What a look finds although nothing was said for a while shows that nothing is ever said (network folders are like that):
 * that is told once, and looking goes on.
 */
public final class PluginWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PluginWatch.class);

    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

    /** On some systems news themselves come from looking, every ten seconds. */
    static final Duration NEWS_LATE = Duration.ofSeconds(15);

    private final FolderLook look;
    private final Path folder;
    private final Clock clock;
    private final Consumer<String> onDeaf;
    private final Map<Path, Instant> heard = new HashMap<>();
    private final Map<Path, Instant> unheard = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private @Nullable FolderNews news;
    private volatile Mode mode = Mode.POLLING;
    private volatile String deafness = "";
    private volatile String blindness = "";

    /** How changes are noticed. */
    public enum Mode {
        /** Told by the operating system, and checked by looking. */
        EVENTS,
        /** By looking alone. */
        POLLING
    }

    private PluginWatch(FolderLook look, Path folder, Clock clock, Consumer<String> onDeaf, @Nullable FolderNews news) {
        this.look = look;
        this.folder = folder;
        this.clock = clock;
        this.onDeaf = onDeaf;
        this.news = news;
        this.thread = Thread.ofPlatform().daemon().name("plugin-watch").unstarted(this::run);
    }

    /**
     * Begins to watch.
     *
     * @param folder need not exist yet
     * @param onDeaf hears, at most once, why the operating system is not relied on; must not block
     */
    public static PluginWatch start(LivePlugins live, Path folder, Clock clock, Consumer<String> onDeaf) {
        @Nullable FolderNews news = null;
        String why = "";
        try {
            news = FolderNews.of(folder);
        } catch (IOException | UnsupportedOperationException none) {
            why = PluginFault.describe(none);
        }
        PluginWatch watch = start(live, folder, clock, onDeaf, news);
        if (news == null) {
            watch.deaf(why);
        }
        return watch;
    }

    static PluginWatch start(
            LivePlugins live, Path folder, Clock clock, Consumer<String> onDeaf, @Nullable FolderNews news) {
        var watch = new PluginWatch(new FolderLook(live, folder), folder, clock, onDeaf, news);
        watch.thread.start();
        return watch;
    }

    public Mode mode() {
        return mode;
    }

    /** Why the folder is not watched as well as it could be; empty if it is. */
    public String trouble() {
        return blindness.isEmpty() ? deafness : blindness;
    }

    /** Ends watching; a change under way should have been cut off before. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                log.warn("{} does not end and is left behind", thread.getName());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        if (news != null) {
            news.close();
        }
    }

    private void run() {
        while (closed.getCount() > 0) {
            try {
                Duration pause = look.isUnsettled() ? SOON : EVERY;
                listen(pause);
                Instant now = clock.instant();
                check(look.look(now), now);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException unreadable) {
                blind(folder + " cannot be looked through: " + PluginFault.describe(unreadable));
            }
        }
    }

    /** Waits for news; without anybody who brings them, just waits. */
    private void listen(Duration pause) throws InterruptedException {
        if (news == null) {
            closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            return;
        }
        try {
            FolderNews.News said = news.await(pause);
            Instant now = clock.instant();
            said.names().forEach(name -> heard.put(folder.resolve(name), now));
            unheard.keySet().removeAll(heard.keySet());
            if (!said.isComplete()) {
                unheard.clear();
            }
            mode = news.isListening() ? Mode.EVENTS : Mode.POLLING;
        } catch (IOException | RuntimeException never) {
            deaf(PluginFault.describe(never));
        }
    }

    private void check(Set<Path> changed, Instant now) {
        blindness = "";
        heard.values().removeIf(when -> when.plus(NEWS_LATE).isBefore(now));
        if (news == null || !news.isListening()) {
            unheard.clear();
            return;
        }
        changed.stream().filter(file -> !heard.containsKey(file)).forEach(file -> unheard.putIfAbsent(file, now));
        if (unheard.values().stream().anyMatch(when -> when.plus(NEWS_LATE).isBefore(now))) {
            deaf("changes in " + folder + " were found by looking that the system had not told of");
        }
    }

    private void deaf(String why) {
        FolderNews useless = news;
        news = null;
        if (useless != null) {
            useless.close();
        }
        unheard.clear();
        mode = Mode.POLLING;
        deafness = "the plugins folder is only looked through every " + EVERY.toSeconds() + " s: " + why;
        log.warn("{}", deafness);
        onDeaf.accept(deafness);
    }

    private void blind(String why) {
        if (!why.equals(blindness)) {
            log.warn("{}", why);
            blindness = why;
        }
    }
}
