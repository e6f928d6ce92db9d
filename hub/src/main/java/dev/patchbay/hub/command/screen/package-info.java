/** How commands speak: lines, tables, JSON, errors with a cure; nothing foreign steers a terminal through it. */
@NullMarked
package dev.patchbay.hub.command.screen;

import org.jspecify.annotations.NullMarked;
