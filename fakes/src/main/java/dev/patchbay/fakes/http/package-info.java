/** An HTTP server on a bare socket that does what well-behaved servers cannot: reset, hang, answer half. */
@NullMarked
package dev.patchbay.fakes.http;

import org.jspecify.annotations.NullMarked;
