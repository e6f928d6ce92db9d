package dev.patchbay.hub.failpoint;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A place where a hub can be made to fail: just before or after a step becomes durable or leaves the process. */
public sealed interface FailPoint permits Place, StoreWrite.Passing {

    /** In capitals; unique. */
    String name();

    /** What has happened so far and what has not, in one line. */
    String meaning();

    /** Every point there is, in the order of the code. */
    static List<FailPoint> all() {
        return Stream.concat(
                        Arrays.stream(Place.values()),
                        Arrays.stream(StoreWrite.values()).flatMap(write -> Arrays.stream(StoreWrite.Moment.values())
                                .map(write::at)))
                .toList();
    }
}
