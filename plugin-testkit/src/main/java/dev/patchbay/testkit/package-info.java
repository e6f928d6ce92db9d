/**
 * What the author of a channel needs for its tests: the contract as a class to extend, a hub that records, a clock moved by
 * hand.
 */
@NullMarked
package dev.patchbay.testkit;

import org.jspecify.annotations.NullMarked;
