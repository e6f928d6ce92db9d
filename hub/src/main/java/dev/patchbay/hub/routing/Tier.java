package dev.patchbay.hub.routing;

/** How specific a match is, most specific first; the order decides between bindings. */
public enum Tier {
    PEER("peer"),
    PARENT_PEER("parent-peer"),
    PEER_KIND("peer-kind"),
    GUILD_ROLES("guild+roles"),
    GUILD("guild"),
    TEAM("team"),
    ACCOUNT("account"),
    CHANNEL("channel"),
    /** No binding matched. */
    DEFAULT("default");

    private final String word;

    Tier(String word) {
        this.word = word;
    }

    /** The name used on the wire. */
    public String word() {
        return word;
    }
}
