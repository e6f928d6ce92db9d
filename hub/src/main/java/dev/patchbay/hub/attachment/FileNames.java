package dev.patchbay.hub.attachment;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** File names and media types that come from strangers, made harmless. */
public final class FileNames {
    /** What a file is called when nobody has named it. */
    public static final String NAMELESS = "file";

    /** What is known of a file of which nothing is known. */
    public static final String ANY_TYPE = "application/octet-stream";

    private static final int NAME_CHARS_MAX = 200;
    private static final int EXTENSION_CHARS_MAX = 16;
    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}");

    /** Types that no browser runs as a page of ours. */
    private static final Set<String> HARMLESS = Set.of(
            "application/pdf",
            "application/zip",
            "audio/aac",
            "audio/mp4",
            "audio/mpeg",
            "audio/ogg",
            "audio/wav",
            "audio/webm",
            "image/avif",
            "image/gif",
            "image/jpeg",
            "image/png",
            "image/webp",
            "text/plain",
            "video/mp4",
            "video/ogg",
            "video/webm");

    private FileNames() {}

    /** A name without path, control characters and marks that turn the direction of writing; empty if nothing is left of it. */
    public static Optional<String> name(@Nullable String given) {
        if (given == null) {
            return Optional.empty();
        }
        String last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        var name = new StringBuilder();
        last.codePoints()
                .filter(each -> switch (Character.getType(each)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                })
                .forEach(name::appendCodePoint);
        String clean = shortened(name.toString().strip());
        return clean.isEmpty() || clean.chars().allMatch(each -> each == '.') ? Optional.empty() : Optional.of(clean);
    }

    /** {@code type/subtype} in small letters, without parameters; empty if it is none. */
    public static Optional<String> mediaType(@Nullable String given) {
        if (given == null) {
            return Optional.empty();
        }
        int end = given.indexOf(';');
        String type = (end < 0 ? given : given.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return MEDIA_TYPE.matcher(type).matches() ? Optional.of(type) : Optional.empty();
    }

    /** The type if a browser may be told it, else one that it only saves. */
    public static String servable(@Nullable String given) {
        String type = mediaType(given).filter(HARMLESS::contains).orElse(ANY_TYPE);
        return type.equals("text/plain") ? "text/plain; charset=utf-8" : type;
    }

    private static String shortened(String name) {
        if (name.length() <= NAME_CHARS_MAX) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String extension = dot >= 0 && name.length() - dot <= EXTENSION_CHARS_MAX ? name.substring(dot) : "";
        int end = NAME_CHARS_MAX - extension.length();
        return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end) + extension;
    }
}
