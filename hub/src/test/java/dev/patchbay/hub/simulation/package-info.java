/** The whole core on simulated time, threads, disk and platforms, from one seed, with a judge who knows what must come out. */
@NullMarked
package dev.patchbay.hub.simulation;

import org.jspecify.annotations.NullMarked;
