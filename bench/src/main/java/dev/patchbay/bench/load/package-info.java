/** Measures the built product from outside: a process under load from another process on the same machine. */
@NullMarked
package dev.patchbay.bench.load;

import org.jspecify.annotations.NullMarked;
