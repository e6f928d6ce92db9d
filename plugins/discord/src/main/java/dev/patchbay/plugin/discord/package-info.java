/** The channel of Discord: JDA listens on the gateway, Discord's HTTP interface carries answers out and brings in what was missed. */
@NullMarked
package dev.patchbay.plugin.discord;

import org.jspecify.annotations.NullMarked;
