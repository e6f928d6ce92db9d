/** Who may talk to accounts that strangers can reach: what the operator allows, and pairing with codes. */
@NullMarked
package dev.patchbay.hub.access;

import org.jspecify.annotations.NullMarked;
