package dev.patchbay.hub.store;

import java.util.List;
import java.util.Optional;

/**
 * A piece of a list.
 *
 * @param next hand it in to get the following piece; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }
}
