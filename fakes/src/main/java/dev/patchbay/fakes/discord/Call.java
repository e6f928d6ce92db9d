package dev.patchbay.fakes.discord;

import java.time.Instant;
import java.util.Optional;

/**
 * One request that the REST side has handled.
 *
 * @param route method and path with names for its ids, such as {@code POST /channels/{channel}/messages}
 * @param path as it was asked for
 * @param bot the id of the bot that asked; empty if its token was wrong
 * @param at when it was handled
 */
public record Call(String route, String path, int status, Optional<String> bot, Instant at) {}
