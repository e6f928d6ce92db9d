package dev.patchbay.hub.attachment;

import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.InboundRef;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the inbox and the open deliveries for names of files. The inbox first: a message that moves on in between is found as the
 * delivery that it has become.
 */
public final class FilesNamedInStore implements NamedFiles {
    private static final int PAGE = 1_000;

    /** As an address of ours, or as a link in a text. */
    private static final Pattern NAME = Pattern.compile("attachments?[:/]([0-9a-f]{64})");

    private final Store store;

    public FilesNamedInStore(Store store) {
        this.store = store;
    }

    @Override
    public Set<AttachmentId> now() throws InterruptedException {
        var names = new HashSet<AttachmentId>();
        for (List<InboundRef> page = store.pendingInbound(0, PAGE);
                !page.isEmpty();
                page = store.pendingInbound(page.getLast().seq(), PAGE)) {
            for (InboundRef each : page) {
                collect(
                        () -> store.inbound(each.messageId())
                                .map(row -> row.body())
                                .orElse(new byte[0]),
                        names);
            }
        }
        for (List<DeliveryRef> page = store.openDeliveries(0, PAGE);
                !page.isEmpty();
                page = store.openDeliveries(page.getLast().seq(), PAGE)) {
            for (DeliveryRef each : page) {
                collect(
                        () -> store.delivery(each.deliveryId())
                                .map(row -> row.body())
                                .orElse(new byte[0]),
                        names);
            }
        }
        return names;
    }

    private interface Reading {
        byte[] body() throws InterruptedException;
    }

    private static void collect(Reading reading, Set<AttachmentId> names) throws InterruptedException {
        byte[] body;
        try {
            body = reading.body();
        } catch (StoreException unreadable) {
            if (unreadable.kind() == StoreException.Kind.DAMAGED) {
                // Set aside by the store: nobody is going to send it.
                return;
            }
            throw unreadable;
        }
        collect(body, names);
    }

    /** Adds the files that one body names. */
    public static void collect(byte[] body, Set<AttachmentId> names) {
        Matcher found = NAME.matcher(new String(body, StandardCharsets.ISO_8859_1));
        while (found.find()) {
            names.add(new AttachmentId(found.group(1)));
        }
    }
}
