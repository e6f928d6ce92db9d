/**
 * A Telegram Bot API server close to the published documentation, with the people on its far side. It knows what a hub needs, and
 * misbehaves when told to.
 */
@NullMarked
package dev.patchbay.fakes.telegram;

import org.jspecify.annotations.NullMarked;
