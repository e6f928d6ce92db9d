package dev.patchbay.plugin.telegram;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.NotAccepted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.methods.GetFile;

/** Brings the files of a message into the hub's store. Safe for many threads. */
final class FileFetch {
    private static final Logger log = LoggerFactory.getLogger(FileFetch.class);

    /** For all files of one message together: the updates behind it wait as long. */
    private static final Duration MESSAGE_MAX = Duration.ofSeconds(60);

    private static final Duration ASKING_MAX = Duration.ofSeconds(10);
    private static final int NAME_MAX = 200;

    private final BotApi api;
    private final Attachments store;

    /**
     * What could be had.
     *
     * @param lines what is said instead of files that could not
     */
    record Fetched(List<Attachment> attachments, List<String> lines) {}

    FileFetch(BotApi api, Attachments store) {
        this.api = api;
        this.store = store;
    }

    /**
     * Fetches files one after the other.
     *
     * @throws NotAccepted if the hub cannot store anything at the moment
     */
    Fetched fetch(List<RemoteFile> files) throws NotAccepted, InterruptedException {
        long deadline = System.nanoTime() + MESSAGE_MAX.toNanos();
        var attachments = new ArrayList<Attachment>();
        var lines = new ArrayList<String>();
        for (RemoteFile file : files) {
            try {
                attachments.add(fetch(file, deadline));
            } catch (Unfetched trouble) {
                log.warn("A {} was not fetched: {}", file.kind(), trouble.getMessage());
                String name = file.name() == null ? "" : " " + clean(file.name());
                lines.add("[" + file.kind() + name + ": " + trouble.getMessage() + "]");
            }
        }
        return new Fetched(attachments, lines);
    }

    private Attachment fetch(RemoteFile file, long deadline) throws Unfetched, NotAccepted, InterruptedException {
        if (file.bytes() > store.bytesMax()) {
            throw new Unfetched("too large");
        }
        try {
            String path = path(file, deadline);
            String name = file.name() == null ? path.substring(path.lastIndexOf('/') + 1) : file.name();
            return api.download(path, left(deadline), content -> store.keep(content, file.mediaType(), clean(name)));
        } catch (ApiTrouble trouble) {
            throw new Unfetched(
                    trouble.says("too big") ? "too large" : "could not be fetched, " + trouble.getMessage());
        } catch (NotAccepted refused) {
            if (refused.reason() == NotAccepted.Reason.TOO_LARGE) {
                throw new Unfetched("too large");
            }
            throw refused;
        } catch (InterruptedException | Unfetched thrown) {
            throw thrown;
        } catch (Exception other) {
            throw new Unfetched("could not be fetched");
        }
    }

    /** Asks twice: this is where a file most often fails, and the message would go on without it. */
    private String path(RemoteFile file, long deadline) throws ApiTrouble, Unfetched, InterruptedException {
        var ask = new GetFile(file.id());
        String path;
        try {
            path = api.call(ask, ASKING_MAX).path("file_path").asText("");
        } catch (ApiTrouble first) {
            if (first.kind() == ApiTrouble.Kind.SAID && first.code() < 500) {
                throw first;
            }
            left(deadline);
            path = api.call(ask, ASKING_MAX).path("file_path").asText("");
        }
        if (path.isEmpty() || path.contains("..")) {
            throw new Unfetched("not given out");
        }
        return path;
    }

    private static Duration left(long deadline) throws Unfetched {
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            throw new Unfetched("took too long");
        }
        return Duration.ofNanos(nanos);
    }

    /** A name that may be shown: the sender chose it. */
    static String clean(String name) {
        String shown = name.replaceAll("[\\p{Cc}\\p{Cf}/\\\\]", "_").strip();
        return shown.isEmpty()
                ? "file"
                : shown.length() > NAME_MAX ? shown.substring(shown.length() - NAME_MAX) : shown;
    }

    static @Nullable String cleanOrNull(@Nullable String name) {
        return name == null ? null : clean(name);
    }

    /** A file that the message goes on without. */
    private static final class Unfetched extends Exception {
        private static final long serialVersionUID = 1L;

        Unfetched(String why) {
            super(why);
        }
    }
}
