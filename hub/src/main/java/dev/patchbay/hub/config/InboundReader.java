package dev.patchbay.hub.config;

import dev.patchbay.hub.config.HubConfig.Inbound;

/** Reads the section {@code inbound}, and the one of the same name that a channel may have. */
final class InboundReader {
    private InboundReader() {}

    static Inbound read(Section section) {
        section.refuseUnknown();
        return new Inbound(section.value("debounce", Values::duration));
    }
}
