/** What can be called: one class per topic. */
@NullMarked
package dev.patchbay.hub.gateway.method;

import org.jspecify.annotations.NullMarked;
