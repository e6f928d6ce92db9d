package dev.patchbay.fakes.discord;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A message as it stands; a later change makes another record.
 *
 * @param said what it says now
 * @param versions what it has said since it arrived, the first one as it came
 * @param reactions emoji (the character, or {@code name:id}) to the ids of those who reacted, in order
 * @param interaction the id of the interaction it answers
 */
public record Message(
        String id,
        String channelId,
        User author,
        Said said,
        List<Attachment> attachments,
        List<Version> versions,
        Map<String, List<String>> reactions,
        Optional<String> interaction) {

    /** One state of the text and when it came. */
    public record Version(String content, Instant at) {}

    public Message {
        attachments = List.copyOf(attachments);
        versions = List.copyOf(versions);
        reactions = Collections.unmodifiableMap(new LinkedHashMap<>(reactions));
    }

    public String content() {
        return said.content();
    }

    public Optional<String> nonce() {
        return said.nonce();
    }

    public Optional<String> replyTo() {
        return said.replyTo();
    }

    public Instant arrivedAt() {
        return versions.getFirst().at();
    }

    /** How often it was edited. */
    public int edits() {
        return versions.size() - 1;
    }

    Message edited(Said now, List<Attachment> files, Instant at) {
        var all = new ArrayList<>(versions);
        all.add(new Version(now.content(), at));
        // A text that is streamed by edits must not grow without an end; the first and the latest are what counts.
        if (all.size() > 1_000) {
            all.remove(1);
        }
        return new Message(id, channelId, author, now, files, all, reactions, interaction);
    }

    Message reacted(Map<String, List<String>> all) {
        return new Message(id, channelId, author, said, attachments, versions, all, interaction);
    }
}
