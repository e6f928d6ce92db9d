/** What agents do in the background, from seconds to days, and what becomes of it. */
@NullMarked
package dev.patchbay.hub.task;

import org.jspecify.annotations.NullMarked;
