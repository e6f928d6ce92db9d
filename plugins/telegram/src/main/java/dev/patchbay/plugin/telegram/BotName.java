package dev.patchbay.plugin.telegram;

/**
 * Who the bot is.
 *
 * @param id its user id
 * @param name its user name without {@code @}; empty while the server has not said it yet
 */
record BotName(long id, String name) {

    boolean isCalled(String other) {
        return !name.isEmpty() && name.equalsIgnoreCase(other);
    }
}
