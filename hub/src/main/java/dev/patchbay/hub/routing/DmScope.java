package dev.patchbay.hub.routing;

import java.util.Arrays;
import java.util.List;

/** How far one direct session reaches; groups and channels always have a session of their own. */
public enum DmScope {
    /** Everybody who writes to the agent shares one session. */
    MAIN("main"),
    /** One per peer id, whatever the channel. */
    PER_PEER("per-peer"),
    /** One per channel and peer. */
    PER_CHANNEL_PEER("per-channel-peer"),
    /** One per channel, account and peer. */
    PER_ACCOUNT_CHANNEL_PEER("per-account-channel-peer");

    private final String word;

    DmScope(String word) {
        this.word = word;
    }

    /** The word used in configuration and on the wire. */
    public String word() {
        return word;
    }

    /** All words, widest first. */
    public static List<String> words() {
        return Arrays.stream(values()).map(DmScope::word).toList();
    }

    /**
     * Reads the word, in exactly this spelling: a guess could put strangers into one session.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static DmScope of(String word) {
        return Arrays.stream(values())
                .filter(scope -> scope.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("dm-scope \"" + Shown.text(word)
                        + "\" is unknown; write one of " + String.join(", ", words())));
    }
}
