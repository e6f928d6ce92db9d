/** Whether the hub works, and how hard: health and vital figures. */
@NullMarked
package dev.patchbay.hub.ops;

import org.jspecify.annotations.NullMarked;
