package dev.patchbay.e2e;

import dev.patchbay.e2e.Numbered.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The oracle of one peer: what was acknowledged to its sender, and what really arrived at its far side. Arrivals are judged at once and
 * forgotten, so that a long run costs no memory. Safe for use by many threads.
 *
 * @see Inquest
 */
final class Conversation {
    /** What is known of it. */
    record Kind(
            String way, String channel, String peer, Optional<String> session, boolean mayBeLong, Repeats repeats) {}

    /** How a platform treats what is sent twice. */
    enum Repeats {
        /** It shows both. */
        SHOWN,
        /** It tells them by the id, which is the same. */
        SAME_ID,
        /** It shows one. */
        NEVER
    }

    /** Something that came twice with good reason, by the ids under which it came. It must be marked in the hub's list. */
    record Repeat(List<String> ids) {}

    private record Arrival(List<Mark> marks, int life, boolean isAnswered, List<String> ids) {}

    final Kind kind;
    private final Lives lives;
    private final List<String> violations = new ArrayList<>();
    private final List<Repeat> unproven = new ArrayList<>();
    private int said;
    private int repeats;
    private Mark awaited = Mark.FIRST;
    private @Nullable Arrival last;

    Conversation(Kind kind, Lives lives) {
        this.kind = kind;
        this.lives = lives;
    }

    /** The number that its sender comes to next, and repeats until it is acknowledged. */
    synchronized int next() {
        return said + 1;
    }

    synchronized void acknowledged() {
        said++;
    }

    synchronized int said() {
        return said;
    }

    /** How many have arrived whole. */
    synchronized int arrived() {
        return awaited.number() - 1;
    }

    synchronized int repeats() {
        return repeats;
    }

    synchronized boolean isSettled() {
        return arrived() == said;
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized List<Repeat> unproven() {
        return List.copyOf(unproven);
    }

    synchronized void proven(Repeat repeat) {
        unproven.remove(repeat);
    }

    synchronized void violated(String what) {
        violations.add(kind.channel() + " " + kind.peer() + ": " + what);
    }

    /**
     * Something came.
     *
     * @param id the far side's, or the one that the hub sent along
     * @param files how many came with it
     * @param isAnswered whether the far side means to say so to the hub
     */
    synchronized void arrived(String id, String text, int files, boolean isAnswered) {
        List<Mark> marks = Numbered.read(text);
        if (last != null && marks.equals(last.marks())) {
            repeated(last, id, isAnswered);
            return;
        }
        if (marks.isEmpty()) {
            violated("a message without a number: " + text);
            return;
        }
        last = new Arrival(marks, lives.current(), isAnswered, List.of(id));
        for (Mark mark : marks) {
            if (!mark.equals(awaited)) {
                violated("lost or out of order: " + mark + " came, " + awaited + " was next");
            }
            awaited = Numbered.after(mark, kind.mayBeLong());
        }
        if (awaited.number() - 1 > said + 1) {
            violated("nobody said " + marks);
        }
        int expected =
                kind.session().isEmpty() && Numbered.hasFile(marks.getFirst().number()) ? 1 : 0;
        if (files != expected) {
            violated(files + " files with " + marks);
        }
    }

    private void repeated(Arrival before, String id, boolean isAnswered) {
        var ids = new ArrayList<>(before.ids());
        ids.add(id);
        int life = lives.current();
        last = new Arrival(before.marks(), life, isAnswered, ids);
        repeats++;
        if (before.isAnswered() && (before.life() == life || !lives.endedByKill(before.life()))) {
            violated("repeated without a cause: " + before.marks());
        }
        if (kind.repeats() == Repeats.NEVER) {
            violated("came twice: " + before.marks());
        } else if (kind.repeats() == Repeats.SAME_ID && !before.ids().contains(id)) {
            violated("came twice under " + ids);
        }
        unproven.removeIf(each -> each.ids().equals(before.ids()));
        unproven.add(new Repeat(ids));
    }
}
