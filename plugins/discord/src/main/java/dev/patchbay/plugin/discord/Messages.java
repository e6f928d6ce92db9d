package dev.patchbay.plugin.discord;

import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Reaction;
import dev.patchbay.api.Receipt;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.dv8tion.jda.api.utils.data.DataObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one message, edit, reaction or interaction in, be it live or out of the history. On the lane of its channel. */
final class Messages {
    private static final Logger LOG = LoggerFactory.getLogger(Messages.class);

    private final Inside inside;
    private final Self self;
    private final Places places;
    private final DirectChats directChats;
    private final Roles roles;
    private final Downloads downloads;
    private final Memory memory;
    private final Handover handover;

    /** What all accounts' parts share. */
    record Inside(Api api, DiscordSettings settings, ChannelHost host, Health health) {}

    Messages(Inside inside, Self self, Places places, DirectChats directChats, Memory memory) {
        this.inside = inside;
        this.self = self;
        this.places = places;
        this.directChats = directChats;
        this.memory = memory;
        this.roles = new Roles(inside.api());
        this.downloads = new Downloads(inside.api(), inside.host().attachments());
        this.handover = new Handover(inside.host(), memory);
    }

    void newSession() {
        roles.forget();
    }

    /** @return false if it was none that anybody has to answer; how far the channel is read has not moved then */
    boolean take(DataObject message, @Nullable String guild, boolean isEdit) throws InterruptedException {
        var reader =
                new MessageReader(self.id(), self.role(guild), inside.settings().allowsBots());
        if (reader.isIgnored(message) || (isEdit && !MessageReader.isEdit(message))) {
            return false;
        }
        String channel = message.getString("channel_id");
        Where where = Patience.with(inside.health(), channel, () -> {
            Place place = places.of(channel, guild);
            return new Where(place, roles.of(message, guild));
        });
        if (guild == null) {
            directChats.remember(message.getObject("author").getString("id"), channel);
        }
        Downloads.Fetched fetched = downloads.fetch(message);
        var lines = new ArrayList<String>();
        lines.add(reader.text(message));
        lines.addAll(fetched.notes());
        lines.removeIf(String::isBlank);
        String id = message.getString("id");
        if (lines.isEmpty() && fetched.files().isEmpty()) {
            if (!isEdit) {
                memory.keepReadUpTo(channel, id);
            }
            return true;
        }
        InboundMessage read = reader.read(message, where.place(), where.roles(), String.join("\n", lines), isEdit)
                .attach(fetched.files())
                .build();
        // The edit of a message says nothing about those before it.
        Optional<Receipt> receipt = handover.hand(read, channel, isEdit ? null : id);
        remember(where.place());
        if (read.addressed() && !isEdit && receipt.map(Receipt::status).equals(Optional.of(Receipt.Status.STORED))) {
            acknowledge(channel, id);
        }
        return true;
    }

    void interaction(DataObject interaction, String channel, @Nullable String guild) throws InterruptedException {
        Optional<DataObject> described = interaction.optObject("channel").filter(each -> each.hasKey("type"));
        Place place = guild != null && described.isPresent() && described.get().hasKey("id")
                ? places.learn(described.get(), guild)
                : Patience.with(inside.health(), channel, () -> places.of(channel, guild));
        Optional<InboundMessage> read = MessageReader.interaction(interaction, place);
        if (read.isEmpty()) {
            return;
        }
        if (guild == null) {
            directChats.remember(read.get().peer().id(), channel);
        }
        handover.hand(read.get(), channel, null);
        remember(place);
    }

    void reaction(DataObject event, String channel, @Nullable String guild, boolean added) throws InterruptedException {
        String user = event.getString("user_id", "");
        if (user.isEmpty() || user.equals(self.id())) {
            return;
        }
        Place place = Patience.with(inside.health(), channel, () -> places.of(channel, guild));
        DataObject emoji = event.getObject("emoji");
        DataObject who = MessageReader.user(event).orElse(DataObject.empty().put("id", user));
        inside.host()
                .reacted(new Reaction(
                        place.peer(user),
                        place.thread(),
                        MessageReader.sender(who, MessageReader.nick(event)),
                        event.getString("message_id"),
                        emoji.getString("name", emoji.getString("id", "?")),
                        added));
    }

    /** After the message: should we be killed in between, the next message of the room makes up for it. */
    private void remember(Place place) throws InterruptedException {
        if (place.guild() == null || place.parent() != null) {
            memory.addRoom(new Memory.Room(place.channel(), place.guild()));
        }
    }

    /** A courtesy: what goes wrong with it is only logged. */
    private void acknowledge(String channel, String id) throws InterruptedException {
        String emoji = inside.settings().ackReaction();
        if (emoji.isEmpty()) {
            return;
        }
        String path = "/channels/" + channel + "/messages/" + id + "/reactions/"
                + URLEncoder.encode(emoji, StandardCharsets.UTF_8) + "/@me";
        try {
            ApiAnswer answer = inside.api().put(path, null);
            if (!answer.isOk()) {
                LOG.debug("No reaction under message {}: {}", id, answer.words());
            }
        } catch (ApiTrouble unreachable) {
            LOG.debug("No reaction under message {}: {}", id, unreachable.getMessage());
        }
    }

    private record Where(Place place, List<String> roles) {}
}
