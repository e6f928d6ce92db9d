package dev.patchbay.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message from a platform, as the channel read it. Made with {@link #from(Peer, String)}.
 *
 * @param remoteId the platform's id of this message or update, unique within the account; the same id twice is stored
 *     once. Null if the platform has none: then nothing can be recognised as a repeat.
 * @param peer where it was said; decides the session and where the answer goes
 * @param parentPeer the channel that a thread hangs on, if the platform has one
 * @param guild the platform's guild or server id, if any
 * @param team the platform's team or workspace id, if any
 * @param roles ids of the sender's roles; at most 1,000
 * @param threadId thread or topic inside the peer, if any
 * @param sender who wrote it, if known
 * @param text what was said; may be empty only when there are attachments
 * @param attachments at most 100
 * @param replyTo the platform's id of the message this one answers, if any
 * @param edits the platform's id of an earlier message whose new text this is, if it is one
 * @param addressed true if the bot is meant: in a direct chat, by its name, by an answer to it, by a command. In groups the hub turns
 *     others away unless the account wants them
 * @param sentAt when the platform says that it was sent, if it says so
 */
public record InboundMessage(
        @Nullable String remoteId,
        Peer peer,
        @Nullable Peer parentPeer,
        @Nullable String guild,
        @Nullable String team,
        List<String> roles,
        @Nullable String threadId,
        @Nullable Sender sender,
        String text,
        List<Attachment> attachments,
        @Nullable String replyTo,
        @Nullable String edits,
        boolean addressed,
        @Nullable Instant sentAt) {

    public InboundMessage {
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(text, "text");
        roles = List.copyOf(roles);
        attachments = List.copyOf(attachments);
    }

    /** Starts a message; set what else is known, then {@link Builder#build()}. */
    public static Builder from(Peer peer, String text) {
        return new Builder(peer, text);
    }

    /** Collects the optional parts of a message. For one thread. */
    public static final class Builder {
        private final Peer peer;
        private final String text;
        private final List<Attachment> attachments = new ArrayList<>();
        private List<String> roles = List.of();
        private @Nullable String remoteId;
        private @Nullable Peer parentPeer;
        private @Nullable String guild;
        private @Nullable String team;
        private @Nullable String threadId;
        private @Nullable Sender sender;
        private @Nullable String replyTo;
        private @Nullable String edits;
        private boolean addressed = true;
        private @Nullable Instant sentAt;

        private Builder(Peer peer, String text) {
            this.peer = peer;
            this.text = text;
        }

        public Builder remoteId(@Nullable String value) {
            remoteId = value;
            return this;
        }

        public Builder parentPeer(@Nullable Peer value) {
            parentPeer = value;
            return this;
        }

        public Builder guild(@Nullable String value) {
            guild = value;
            return this;
        }

        public Builder team(@Nullable String value) {
            team = value;
            return this;
        }

        public Builder roles(List<String> value) {
            roles = value;
            return this;
        }

        public Builder threadId(@Nullable String value) {
            threadId = value;
            return this;
        }

        public Builder sender(@Nullable Sender value) {
            sender = value;
            return this;
        }

        public Builder attach(List<Attachment> values) {
            attachments.addAll(values);
            return this;
        }

        public Builder replyTo(@Nullable String value) {
            replyTo = value;
            return this;
        }

        public Builder edits(@Nullable String value) {
            edits = value;
            return this;
        }

        /** True unless said otherwise. */
        public Builder addressed(boolean value) {
            addressed = value;
            return this;
        }

        public Builder sentAt(@Nullable Instant value) {
            sentAt = value;
            return this;
        }

        public InboundMessage build() {
            return new InboundMessage(
                    remoteId,
                    peer,
                    parentPeer,
                    guild,
                    team,
                    roles,
                    threadId,
                    sender,
                    text,
                    attachments,
                    replyTo,
                    edits,
                    addressed,
                    sentAt);
        }
    }
}
