package dev.patchbay.api;

/**
 * A word with a slash in front that people can type, for platforms that show a menu of them.
 *
 * @param name without the slash: {@code [a-z0-9_]{1,32}}
 * @param description one line, 1 to 256 characters
 */
public record Command(String name, String description) {
    public Command {
        if (!name.matches("[a-z0-9_]{1,32}")) {
            throw new IllegalArgumentException("a command is a-z, 0-9 and _, at most 32");
        }
        if (description.isBlank() || description.length() > 256) {
            throw new IllegalArgumentException("a command's description has 1 to 256 characters");
        }
    }
}
