/** Turns at given times: schedules of the configuration and of the API, and what has become of them. */
@NullMarked
package dev.patchbay.hub.schedule;

import org.jspecify.annotations.NullMarked;
