package dev.patchbay.fakes.discord;

/**
 * An application with a bot user.
 *
 * @param user the bot as others see it; its id is the application's id as well
 * @param intentsAllowed the privileged intents switched on for the application, as bits; see {@link Intents}
 */
public record Bot(User user, String token, long intentsAllowed) {
    public String id() {
        return user.id();
    }

    /** How a text mentions it. */
    public String mention() {
        return user.mention();
    }

    boolean mayReadContent() {
        return (intentsAllowed & Intents.MESSAGE_CONTENT) != 0;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Bot[" + user.name() + "]";
    }
}
