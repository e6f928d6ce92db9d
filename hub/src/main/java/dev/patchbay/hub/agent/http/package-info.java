/** The agent that asks a service over HTTP: one call per turn, read as it comes. */
@NullMarked
package dev.patchbay.hub.agent.http;

import org.jspecify.annotations.NullMarked;
