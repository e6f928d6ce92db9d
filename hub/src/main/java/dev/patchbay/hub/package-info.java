/** The assembly: everything is built here and stopped in the reverse order. */
@NullMarked
package dev.patchbay.hub;

import org.jspecify.annotations.NullMarked;
