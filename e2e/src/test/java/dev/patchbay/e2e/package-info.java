/** Scenarios against the built product: real processes, real sockets, real kills. They see none of its classes. */
@NullMarked
package dev.patchbay.e2e;

import org.jspecify.annotations.NullMarked;
