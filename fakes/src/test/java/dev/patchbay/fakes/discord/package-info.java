/** What a real client makes of the fake. */
@NullMarked
package dev.patchbay.fakes.discord;

import org.jspecify.annotations.NullMarked;
