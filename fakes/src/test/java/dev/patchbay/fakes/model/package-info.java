/** What the stand-in for models' servers does. */
@NullMarked
package dev.patchbay.fakes.model;

import org.jspecify.annotations.NullMarked;
