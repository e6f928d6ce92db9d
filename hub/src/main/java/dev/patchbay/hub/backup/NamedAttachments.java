package dev.patchbay.hub.backup;

import dev.patchbay.hub.attachment.AttachmentId;
import dev.patchbay.hub.attachment.FilesNamedInStore;
import dev.patchbay.hub.store.BodyVisitor;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongConsumer;

/** Collects the files that records name while a store is read whole. */
final class NamedAttachments implements BodyVisitor {
    private final Set<AttachmentId> names = new LinkedHashSet<>();
    private final LongConsumer progress;
    private long records;

    /** @param progress told how many records have been read */
    NamedAttachments(LongConsumer progress) {
        this.progress = progress;
    }

    @Override
    public void body(byte[] body) {
        FilesNamedInStore.collect(body, names);
    }

    @Override
    public void records(int count) {
        records += count;
        progress.accept(records);
    }

    Set<AttachmentId> names() {
        return names;
    }
}
