/** Backups of the store and of the files its messages name: made while the hub works, read whole before they count, put back. */
@NullMarked
package dev.patchbay.hub.backup;

import org.jspecify.annotations.NullMarked;
