package dev.patchbay.hub.attachment;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.hub.attachment.Spool.Trouble;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.SecretFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files as the rest of the hub and the plugins deal with them: taken in, given out, and named to those outside. Safe for many
 * threads.
 */
public final class AttachmentDesk implements Attachments, AutoCloseable {
    /** Beside the data; signs links. */
    public static final String KEY_FILE = "attachment-key";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Duration LOOKUP_MAX = Duration.ofSeconds(5);
    private static final Pattern PLACE =
            Pattern.compile("geo:(-?\\d{1,3}(?:\\.\\d{1,15})?),(-?\\d{1,3}(?:\\.\\d{1,15})?).{0,200}");

    private final AttachmentSettings settings;
    private final World world;
    private final AttachmentFolder folder;
    private final WebFiles web;
    private volatile @Nullable SignedLinks links;
    private volatile URI ownUrl = URI.create("http://127.0.0.1/");

    /** Touches nothing before {@link #prepare()}. */
    public AttachmentDesk(AttachmentSettings settings, NamedFiles named, World world) {
        this(settings, named, world, freeBytes(settings.dataDir()), WebFiles.Limits.usual(settings.bytesMax()));
    }

    AttachmentDesk(
            AttachmentSettings settings,
            NamedFiles named,
            World world,
            LongSupplier freeBytes,
            WebFiles.Limits limits) {
        this.settings = settings;
        this.world = world;
        folder = new AttachmentFolder(settings, freeBytes, named, world);
        var networks = new Networks(
                settings.allowPrivate().stream().map(Networks.Block::of).toList());
        web = new WebFiles(
                folder, new AddressGuard(networks, InetAddress::getAllByName, LOOKUP_MAX), limits, world.threads());
    }

    /**
     * Makes folder and key if they are missing and sweeps away what a crash has left. Called once, while the data folder is
     * locked, before anything else but the constructor.
     *
     * @throws IOException the message names the file
     */
    public void prepare() throws IOException {
        folder.prepare();
        signWith(SecretFile.loadOrCreate(settings.dataDir().resolve(KEY_FILE), new SecureRandom(), world.failPoints()));
    }

    void signWith(String key) {
        links = new SignedLinks(key, world.clock(), settings.linkValidity());
    }

    /** Where programs on this machine reach the hub; ends with a slash. */
    public void reachedAt(URI url) {
        ownUrl = url;
    }

    // ---- bytes

    @Override
    public long bytesMax() {
        return settings.bytesMax();
    }

    @Override
    public Attachment keep(InputStream content, @Nullable String mediaType, @Nullable String name)
            throws NotAccepted, InterruptedException {
        try {
            AttachmentId id = folder.keep(content);
            return new Attachment(
                    id.url(),
                    FileNames.mediaType(mediaType).orElse(null),
                    FileNames.name(name).orElse(null));
        } catch (Trouble trouble) {
            String why = String.valueOf(trouble.getMessage());
            throw switch (trouble.kind()) {
                case TOO_LARGE -> new NotAccepted(NotAccepted.Reason.TOO_LARGE, why, Duration.ZERO);
                case FULL, SOURCE, DISK -> new NotAccepted(NotAccepted.Reason.NOT_STORED, why, RETRY_AFTER);
            };
        }
    }

    @Override
    public Content open(Attachment attachment) throws AttachmentUnavailable, InterruptedException {
        Attachment meant = inward(attachment);
        if (AttachmentId.isStored(meant)) {
            Optional<AttachmentId> id = AttachmentId.of(meant);
            if (id.isEmpty()) {
                throw new AttachmentUnavailable("this is no name of a stored file", true);
            }
            return folder.open(id.get(), meant);
        }
        if (meant.url().toLowerCase(Locale.ROOT).startsWith("geo:")) {
            throw new AttachmentUnavailable("a place is no file", true);
        }
        return web.open(meant);
    }

    /** Whether there is such a file; it counts as used. */
    public boolean has(AttachmentId id) {
        return folder.use(id).isPresent();
    }

    // ---- names

    /** A signed link to a stored file; what is none keeps its address. */
    @Override
    public String link(Attachment attachment) {
        return AttachmentId.of(attachment)
                .map(id -> linked(settings.publicUrl().orElse(ownUrl), id, attachment))
                .orElse(attachment.url());
    }

    /** An attachment as somebody without a token can use it. */
    public Attachment outward(Attachment attachment) {
        return new Attachment(link(attachment), attachment.mediaType(), attachment.name());
    }

    /** The other way round: a link of ours is the stored file again; all else stays as it is. */
    public Attachment inward(Attachment attachment) {
        Optional<Attachment> ours = links().read(attachment.url());
        if (ours.isEmpty()) {
            return attachment;
        }
        AttachmentId.of(ours.get()).ifPresent(this::has);
        return new Attachment(
                ours.get().url(),
                attachment.mediaType() == null ? ours.get().mediaType() : attachment.mediaType(),
                attachment.name() == null ? ours.get().name() : attachment.name());
    }

    /** A line of text in place of an attachment, for channels that carry none. */
    public String line(Attachment attachment) {
        Matcher place = PLACE.matcher(attachment.url());
        if (place.matches()) {
            return "Location: " + place.group(1) + ", " + place.group(2);
        }
        Optional<AttachmentId> id = AttachmentId.of(attachment);
        if (id.isEmpty()) {
            return attachment.url();
        }
        OptionalLong bytes = folder.use(id.get());
        Optional<URI> world = settings.publicUrl();
        if (world.isPresent()) {
            return linked(world.get(), id.get(), attachment);
        }
        String name = FileNames.name(attachment.name()).orElse(FileNames.NAMELESS);
        return "[" + name + (bytes.isPresent() ? ", " + size(bytes.getAsLong()) : "") + "]";
    }

    /** Whether a link to a file, as it came in, was made by us and its time is not over. */
    public boolean opens(AttachmentId id, Map<String, String> query) {
        return links().opens(id, query);
    }

    // ---- upkeep

    /** Removes what nobody has used for longer than it is kept and nobody names; how many. Reads the whole folder. */
    public int expire() throws IOException, InterruptedException {
        return folder.expire();
    }

    /** Bytes of all stored files. */
    public long totalBytes() {
        return folder.total();
    }

    /** How often a file was asked for that turned out to be damaged. */
    public long damaged() {
        return folder.damaged();
    }

    /** Ends fetches under way. */
    @Override
    public void close() {
        web.close();
    }

    private String linked(URI base, AttachmentId id, Attachment attachment) {
        folder.use(id);
        return base.resolve(links().path(
                                id,
                                FileNames.mediaType(attachment.mediaType()).orElse(null),
                                FileNames.name(attachment.name()).orElse(null)))
                .toString();
    }

    private SignedLinks links() {
        return Objects.requireNonNull(links, "prepare() comes first");
    }

    private static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        return bytes < 1_000_000 ? Math.ceilDiv(bytes, 1_000) + " KB" : Math.ceilDiv(bytes, 1_000_000) + " MB";
    }

    private static LongSupplier freeBytes(Path folder) {
        return () -> {
            try {
                return Files.getFileStore(folder).getUsableSpace();
            } catch (IOException unknown) {
                return Long.MAX_VALUE;
            }
        };
    }
}
