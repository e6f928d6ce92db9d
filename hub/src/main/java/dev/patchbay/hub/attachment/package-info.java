/** Files that come and go with messages: kept on disk by their content, fetched from the web, named to the world outside. */
@NullMarked
package dev.patchbay.hub.attachment;

import org.jspecify.annotations.NullMarked;
