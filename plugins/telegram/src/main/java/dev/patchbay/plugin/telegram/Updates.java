package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.plugin.telegram.Incoming.Nothing;
import dev.patchbay.plugin.telegram.Incoming.Said;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer of getUpdates, in order, and how far it has been dealt with. What has not been dealt with holds the offset back, so
 * that the server hands it out again. For one thread.
 */
final class Updates {
    private static final Logger log = LoggerFactory.getLogger(Updates.class);

    private final List<Update> all = new ArrayList<>();
    private final Set<Long> done;
    private final long asked;

    record Update(long id, Incoming what) {}

    /**
     * Reads an answer.
     *
     * @param done ids that were dealt with out of order in an earlier answer
     * @param asked the offset that was asked for
     */
    Updates(JsonNode answer, BotName bot, Set<Long> done, long asked) {
        this.done = new HashSet<>(done);
        this.asked = asked;
        for (JsonNode each : answer) {
            JsonNode id = each.path("update_id");
            if (id.isIntegralNumber() && id.canConvertToInt() && id.asLong() >= 0) {
                all.add(new Update(id.asLong(), read(each, id.asLong(), bot)));
            } else {
                // A number beyond this would become an offset behind which no real update ever comes.
                log.warn("An update without an id was left out");
            }
        }
        all.sort(Comparator.comparingLong(Update::id));
    }

    /** What there is to do, in order. */
    List<Update> open() {
        return all.stream().filter(update -> !done.contains(update.id())).toList();
    }

    /** The parts of an album that are in this answer. */
    List<Said> album(String album) {
        return open().stream()
                .map(Update::what)
                .filter(what -> what instanceof Said said && album.equals(said.album()))
                .map(Said.class::cast)
                .toList();
    }

    boolean isLastOf(String album, Update update) {
        return open().stream()
                .filter(each -> each.what() instanceof Said said && album.equals(said.album()))
                .reduce((_, later) -> later)
                .filter(update::equals)
                .isPresent();
    }

    void done(Update update) {
        done.add(update.id());
    }

    void albumDone(String album) {
        for (Update each : all) {
            if (each.what() instanceof Said said && album.equals(said.album())) {
                done.add(each.id());
            }
        }
    }

    /** The offset that may be kept now. */
    long offset() {
        long last = asked;
        for (Update each : all) {
            if (!done.contains(each.id())) {
                return each.id();
            }
            last = each.id() + 1;
        }
        return last;
    }

    /** The offset that may be kept together with this update. */
    long offsetWith(Update update) {
        for (Update each : all) {
            if (each.id() >= update.id()) {
                break;
            }
            if (!done.contains(each.id())) {
                return each.id();
            }
        }
        return update.id() + 1;
    }

    /** Ids that the server will hand out again although they were dealt with. */
    Set<Long> doneBeyond(long offset) {
        var beyond = new HashSet<Long>();
        all.stream()
                .map(Update::id)
                .filter(id -> id >= offset && done.contains(id))
                .forEach(beyond::add);
        return beyond;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    private static Incoming read(JsonNode update, long id, BotName bot) {
        try {
            Incoming what = UpdateReader.read(update, bot);
            if (what instanceof Nothing nothing) {
                log.debug("Update {} was left out: {}", id, nothing.why());
            }
            return what;
        } catch (RuntimeException | StackOverflowError fault) {
            log.error("Update {} cannot be read and was left out", id, fault);
            return new Nothing("unreadable", null);
        }
    }
}
