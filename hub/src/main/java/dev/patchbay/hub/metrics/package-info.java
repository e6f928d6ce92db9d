/** What the hub counts and times; the names are those of the Prometheus page. */
@NullMarked
package dev.patchbay.hub.metrics;

import org.jspecify.annotations.NullMarked;
