/** An example of a channel: a folder of files. */
@NullMarked
package dev.patchbay.example.folder;

import org.jspecify.annotations.NullMarked;
