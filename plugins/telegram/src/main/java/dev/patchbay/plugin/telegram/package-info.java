/** Telegram bots as a channel: an account is a bot, read by long polling or by webhook. */
@NullMarked
package dev.patchbay.plugin.telegram;

import org.jspecify.annotations.NullMarked;
