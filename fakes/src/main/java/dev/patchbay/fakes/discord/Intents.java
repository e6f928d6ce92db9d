package dev.patchbay.fakes.discord;

/** The bits of a bot's intents, as documented. */
public final class Intents {
    public static final long GUILDS = 1 << 0;
    public static final long GUILD_MEMBERS = 1 << 1;
    public static final long GUILD_PRESENCES = 1 << 8;
    public static final long GUILD_MESSAGES = 1 << 9;
    public static final long GUILD_MESSAGE_REACTIONS = 1 << 10;
    public static final long GUILD_MESSAGE_TYPING = 1 << 11;
    public static final long DIRECT_MESSAGES = 1 << 12;
    public static final long DIRECT_MESSAGE_REACTIONS = 1 << 13;
    public static final long DIRECT_MESSAGE_TYPING = 1 << 14;
    public static final long MESSAGE_CONTENT = 1 << 15;

    /** Those that an application must have switched on before it may ask for them. */
    public static final long PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;

    /** All bits that mean something; others close the connection with 4013. */
    static final long KNOWN = (1L << 26) - 1;

    private Intents() {}
}
