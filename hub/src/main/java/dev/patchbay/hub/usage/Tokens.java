package dev.patchbay.hub.usage;

/**
 * What one question has used, as the agent says.
 *
 * @param input tokens read, from 0 to {@link #MOST}
 * @param output tokens written, from 0 to {@link #MOST}
 */
public record Tokens(long input, long output) {
    public static final Tokens NONE = new Tokens(0, 0);

    /** More in one turn is a mistake of the agent's, which must not end its month. */
    static final long MOST = 1_000_000_000;

    public Tokens {
        input = Math.clamp(input, 0, MOST);
        output = Math.clamp(output, 0, MOST);
    }

    boolean isNone() {
        return input == 0 && output == 0;
    }

    long sum() {
        return input + output;
    }
}
