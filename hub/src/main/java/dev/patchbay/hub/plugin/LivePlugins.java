package dev.patchbay.hub.plugin;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.plugin.PluginStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes plugins while the hub runs, one change at a time. A new version is loaded beside the old one and started; then those who
 * use it go over, and the old one is stopped and unloaded. If the new one does not work, the old one stays or comes back. Safe for
 * many threads; every method waits for the end of the change, which is bounded.
 */
public final class LivePlugins implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LivePlugins.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(15);

    private final PluginShelf shelf;
    private final PluginRunner runner;
    private final PluginUsers users;
    private final FailPoints failPoints;
    private final ReentrantLock change = new ReentrantLock();
    private volatile @Nullable Thread changing;
    private volatile boolean isClosed;

    private interface Change<T> {
        T make() throws IOException, PluginRefusal, InterruptedException;
    }

    public LivePlugins(PluginHost host, PluginUsers users) {
        this.shelf = host.shelf();
        this.runner = host.runner();
        this.failPoints = runner.failPoints();
        this.users = users;
    }

    /**
     * Loads a plugin's file anew, whether it has changed or not; also one that has failed or was refused.
     *
     * @return the plugin as it runs now; empty if there is none of this id
     * @throws PluginRefusal if it does not work, or is older than the one that runs, which then runs on
     */
    public Optional<PluginStatus> reload(String pluginId) throws PluginRefusal, InterruptedException {
        return alone(() -> {
            PluginEntry entry = shelf.running(pluginId)
                    .or(() -> shelf.withId(pluginId).findFirst())
                    .orElse(null);
            if (entry == null) {
                return Optional.empty();
            }
            if (!Files.isRegularFile(entry.file())) {
                throw new PluginRefusal("its file " + entry.name() + " is gone: put it back, or remove the plugin");
            }
            return Optional.of(take(entry.file(), entry.file(), true).status());
        });
    }

    /**
     * Loads a file as the plugin {@code target}, which it then becomes; what it supersedes is deleted.
     *
     * @param incoming in the same folder, hidden; the same kind of file as {@code target}
     * @return the plugin as it runs now
     * @throws PluginRefusal if it is not taken; then everything is as before
     */
    PluginStatus install(Path incoming, Path target) throws PluginRefusal, InterruptedException {
        return alone(() -> {
            Optional<PluginEntry> there = shelf.at(target);
            Optional<Runnable> asBefore = there.map(PluginEntry::snapshot);
            PluginEntry entry;
            try {
                entry = take(incoming, target, true);
            } catch (PluginRefusal refusal) {
                asBefore.ifPresentOrElse(Runnable::run, () -> shelf.at(target).ifPresent(shelf::remove));
                throw refusal;
            }
            try {
                failPoints.reach(Place.PLUGIN_BEFORE_MOVE);
                Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
                failPoints.reach(Place.PLUGIN_AFTER_MOVE);
                entry.seen(FileMark.of(target));
            } catch (IOException | RuntimeException failed) {
                entry.note("it runs, but is not in the folder: " + PluginFault.describe(failed));
            }
            for (PluginEntry other : shelf.withId(entry.id()).toList()) {
                if (other != entry && other.givesWay()) {
                    delete(other);
                }
            }
            return entry.status();
        });
    }

    /**
     * Stops a drop-in, unloads it and deletes its files.
     *
     * @return false if there is none of this id
     * @throws PluginRefusal if it belongs to the distribution, or a file cannot be deleted
     */
    public boolean remove(String pluginId) throws PluginRefusal, InterruptedException {
        return alone(() -> {
            List<PluginEntry> all = shelf.withId(pluginId).toList();
            List<PluginEntry> dropIns =
                    all.stream().filter(each -> !each.isShipped()).toList();
            if (dropIns.isEmpty() && !all.isEmpty()) {
                throw new PluginRefusal("it comes with the hub: it can be reloaded, not removed");
            }
            for (PluginEntry each : dropIns) {
                unload(each);
                delete(each);
            }
            if (!dropIns.isEmpty()) {
                letOthersIn();
            }
            return !dropIns.isEmpty();
        });
    }

    FailPoints failPoints() {
        return failPoints;
    }

    /** True if the file is as it was when it was last looked at. */
    boolean knows(Path file, FileMark mark) {
        return shelf.at(file).filter(each -> mark.equals(each.mark())).isPresent();
    }

    /** Takes a file that is new or has changed; what is wrong with it is told in the list. */
    void found(Path file) throws InterruptedException {
        try {
            alone(() ->
                    knows(file, FileMark.of(file)) || take(file, file, false).isRunning());
        } catch (PluginRefusal told) {
            log.debug("{} was not taken", file, told);
        }
    }

    /** Lets go of plugins whose files are not among these and are gone. */
    void keepOnly(Collection<Path> files) throws InterruptedException {
        if (gone(files).isEmpty()) {
            return;
        }
        try {
            alone(() -> {
                // Looked at again: an installation may just have put one there.
                for (PluginEntry each : gone(files)) {
                    log.info("plugin={} file={} is gone and removed", each.id(), each.name());
                    unload(each);
                    shelf.remove(each);
                }
                letOthersIn();
                return true;
            });
        } catch (PluginRefusal busy) {
            log.debug("The next look will do it", busy);
        }
    }

    private List<PluginEntry> gone(Collection<Path> files) {
        return shelf.entries().stream()
                .filter(each -> !each.isShipped() && !files.contains(each.file()) && !Files.exists(each.file()))
                .toList();
    }

    /** Cuts off a change that is under way and allows no other. The hub that stops stops the plugins themselves. */
    @Override
    public void close() {
        isClosed = true;
        Thread underWay = changing;
        if (underWay != null) {
            underWay.interrupt();
        }
        try {
            if (change.tryLock(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                change.unlock();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> T alone(Change<T> work) throws PluginRefusal, InterruptedException {
        if (!change.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new PluginRefusal("another change of plugins is still under way: try again later");
        }
        try {
            changing = Thread.currentThread();
            if (isClosed) {
                throw new PluginRefusal("the hub is stopping");
            }
            return work.make();
        } catch (IOException unreadable) {
            throw new PluginRefusal("it cannot be read: " + PluginFault.describe(unreadable));
        } finally {
            changing = null;
            change.unlock();
        }
    }

    /**
     * Takes a file for what stands under {@code target}.
     *
     * @param isMeant somebody asked for it: the same content counts, too
     * @throws PluginRefusal with the reason that the entry shows as well
     */
    private PluginEntry take(Path file, Path target, boolean isMeant) throws PluginRefusal, InterruptedException {
        PluginEntry entry = shelf.at(target).orElse(null);
        if (entry == null) {
            entry = new PluginEntry(target, false);
            shelf.add(entry);
        }
        try {
            entry.seen(FileMark.of(file));
            take(file, entry, isMeant);
            return entry;
        } catch (IOException gone) {
            throw refused(entry, State.REFUSED, "it cannot be read: " + PluginFault.describe(gone));
        } finally {
            users.told(entry.status());
        }
    }

    private void take(Path file, PluginEntry entry, boolean isMeant) throws PluginRefusal, InterruptedException {
        LoadedPlugin fresh;
        try {
            fresh = runner.load(file);
        } catch (PluginRefusal refusal) {
            throw refused(entry, State.REFUSED, String.valueOf(refusal.getMessage()));
        }
        LoadedPlugin now = entry.isRunning() ? entry.plugin() : null;
        boolean isInstalled = !file.equals(entry.file());
        if (now != null && now.id().equals(fresh.id())) {
            if (!now.hasContentOf(fresh) || (isMeant && !isInstalled)) {
                replace(entry, entry, now, fresh);
                return;
            }
            runner.discard(fresh);
            // Without its file the plugin would be gone after the next start: then this is how it is put back.
            if (isInstalled && Files.exists(entry.file())) {
                throw new PluginRefusal("this very file runs already: reload the plugin if you mean that");
            }
        } else if (now != null && isInstalled) {
            runner.discard(fresh);
            throw new PluginRefusal(
                    entry.name() + " in the plugins folder is another plugin, " + now.id() + ": rename the file");
        } else {
            // What ran from this file before is not in the folder any more.
            unload(entry);
            entry.loaded(fresh);
            takeNew(entry, fresh, isMeant);
        }
    }

    private void takeNew(PluginEntry entry, LoadedPlugin fresh, boolean isMeant)
            throws PluginRefusal, InterruptedException {
        PluginEntry rival = shelf.running(fresh.id()).orElse(null);
        LoadedPlugin rivals = rival == null ? null : rival.plugin();
        boolean isReserved = PluginHost.SHIPPED.contains(fresh.id()) && !entry.isShipped();
        if (isReserved || (rival != null && rival.isShipped())) {
            runner.discard(fresh);
            throw refused(entry, State.REFUSED, PluginHost.idIsTaken(fresh.id()));
        }
        if (rival == null || rivals == null) {
            bring(entry, null, null, fresh);
            return;
        }
        boolean differs = !fresh.hasContentOf(rivals) && !rivals.isNewerThan(fresh);
        if (fresh.isNewerThan(rivals) || (differs && isMeant) || !Files.exists(rival.file())) {
            bring(entry, rival, rivals, fresh);
        } else {
            runner.discard(fresh);
            entry.gaveWay(PluginHost.sameLiesBeside(rival));
            throw new PluginRefusal(PluginHost.sameLiesBeside(rival) + " with version " + rivals.version());
        }
    }

    private void replace(PluginEntry entry, PluginEntry before, LoadedPlugin old, LoadedPlugin fresh)
            throws PluginRefusal, InterruptedException {
        if (old.isNewerThan(fresh)) {
            runner.discard(fresh);
            throw refused(
                    entry,
                    State.REFUSED,
                    "version " + fresh.version() + " is older than " + old.version()
                            + ", which runs: remove the plugin first if you mean it");
        }
        bring(entry, before, old, fresh);
    }

    /** Starts the new one, lets those who use the old one go over, then stops that. */
    private void bring(PluginEntry entry, @Nullable PluginEntry before, @Nullable LoadedPlugin old, LoadedPlugin fresh)
            throws PluginRefusal, InterruptedException {
        LoadedPlugin.Offer brings;
        try {
            brings = runner.start(fresh);
        } catch (PluginFault fault) {
            throw refused(entry, PluginHost.stateAfter(fault), PluginHost.reasonOf(fault));
        }
        Optional<String> taken = shelf.taken(brings, entry.isShipped(), before);
        if (taken.isPresent()) {
            PluginRefusal refusal = refused(entry, State.REFUSED, taken.get() + leftBy(fresh));
            if (!entry.isRunning()) {
                entry.gaveWay(String.valueOf(refusal.getMessage()));
            }
            throw refusal;
        }
        try {
            users.change(PluginChange.between(before == null ? null : before.offer(), brings));
        } catch (PluginRefusal refusal) {
            throw refused(entry, State.FAILED, refusal.getMessage() + leftBy(fresh));
        }
        if (before != null && before != entry) {
            before.gaveWay(PluginHost.newerLiesBeside(entry));
        }
        entry.runs(fresh, brings, null);
        if (old != null) {
            String left = leftBy(old);
            if (!left.isEmpty()) {
                entry.note("the version before, " + old.version() + "," + left.substring(1));
            }
        }
    }

    /** Stops a plugin and says what it has left behind; empty if nothing. */
    private String leftBy(LoadedPlugin plugin) throws InterruptedException {
        List<String> left = runner.retire(plugin);
        return left.isEmpty()
                ? ""
                : "; left " + left.size() + " threads running: " + String.join(", ", left)
                        + " (its stop and its channels' close have to end them)";
    }

    /** Notes what is wrong; a version that runs is not touched by that. */
    private static PluginRefusal refused(PluginEntry entry, State state, String why) {
        if (entry.isRunning()) {
            String version = entry.status().version();
            log.warn("plugin={} file={} was not taken, {} runs on: {}", entry.id(), entry.name(), version, why);
            entry.note("its file was not taken, " + version + " runs on: " + why);
        } else {
            entry.lost(state, why);
        }
        return new PluginRefusal(why);
    }

    private void unload(PluginEntry entry) throws PluginRefusal, InterruptedException {
        LoadedPlugin plugin = entry.plugin();
        if (plugin == null || !entry.isRunning()) {
            return;
        }
        users.change(PluginChange.between(entry.offer(), null));
        entry.stopped();
        runner.retire(plugin);
        users.told(entry.status());
    }

    private void delete(PluginEntry entry) throws PluginRefusal {
        try {
            failPoints.reach(Place.PLUGIN_BEFORE_DELETE);
            Files.deleteIfExists(entry.file());
            shelf.remove(entry);
        } catch (IOException failed) {
            String why = entry.name() + " cannot be deleted and will be loaded at the next start: "
                    + PluginFault.describe(failed);
            entry.note(why);
            throw new PluginRefusal(why);
        }
    }

    /** Those who had to give way to a plugin that has gone. */
    private void letOthersIn() throws InterruptedException {
        for (PluginEntry each : shelf.entries()) {
            try {
                if (each.givesWay()) {
                    take(each.file(), each.file(), false);
                }
            } catch (PluginRefusal told) {
                log.debug("{} still has to wait", each.file(), told);
            }
        }
    }
}
