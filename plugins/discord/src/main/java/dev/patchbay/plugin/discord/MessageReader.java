package dev.patchbay.plugin.discord;

import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import net.dv8tion.jda.api.utils.data.DataArray;
import net.dv8tion.jda.api.utils.data.DataObject;
import net.dv8tion.jda.api.utils.data.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages and interactions as Discord's gateway and its history write them; both write them alike. Pure.
 *
 * @param selfId the bot
 * @param selfRole the bot's own role in the guild, if it has one
 */
record MessageReader(String selfId, @Nullable String selfRole, boolean allowsBots) {
    /** A message, a reply, and what a person may write in a thread; all others are Discord's own words. */
    private static final Set<Integer> WRITTEN_BY_PEOPLE = Set.of(0, 19);

    private static final int ROLES_MAX = 1_000;
    private static final int OPTIONS_DEPTH_MAX = 3;

    /** True if nobody has to answer it: our own, another bot's, a system message. */
    boolean isIgnored(DataObject message) {
        Optional<DataObject> author = message.optObject("author");
        return author.isEmpty()
                || author.get().getString("id", "").equals(selfId)
                || !WRITTEN_BY_PEOPLE.contains(message.getInt("type", 0))
                || (!allowsBots && (author.get().getBoolean("bot", false) || !message.isNull("webhook_id")));
    }

    /**
     * Reads a message that is not ignored. Its files are not in it yet.
     *
     * @param isEdit true if this is the new text of an earlier message
     */
    InboundMessage.Builder read(DataObject message, Place place, List<String> roles, String text, boolean isEdit) {
        String id = message.getString("id");
        DataObject author = message.getObject("author");
        return start(place, author, nick(message), text)
                .remoteId(isEdit ? id + ":e" + edited(message).toEpochMilli() : id)
                .roles(roles)
                .replyTo(message.optObject("message_reference")
                        .map(reference -> reference.getString("message_id", null))
                        .orElse(null))
                .edits(isEdit ? id : null)
                .addressed(isAddressed(message, place))
                .sentAt(time(message, isEdit ? "edited_timestamp" : "timestamp").orElse(null));
    }

    /** True if a change of a message is a new text, rather than a picture of a link in it. */
    static boolean isEdit(DataObject message) {
        return message.hasKey("content") && time(message, "edited_timestamp").isPresent();
    }

    /** What was said, without the bot's name in it; forwarded text and stickers become lines. */
    String text(DataObject message) {
        var lines = new ArrayList<String>();
        String content = message.getString("content", "");
        String cut = withoutMention(content);
        if (!cut.isBlank()) {
            lines.add(cut);
        }
        each(message, "message_snapshots").forEach(snapshot -> snapshot.optObject("message")
                .map(forwarded -> forwarded.getString("content", ""))
                .filter(forwarded -> !forwarded.isBlank())
                .ifPresent(lines::add));
        each(message, "sticker_items")
                .forEach(sticker -> lines.add("[sticker: " + sticker.getString("name", "") + "]"));
        return String.join("\n", lines);
    }

    /** Roles of the sender as the gateway sends them along; the history does not. */
    static Optional<List<String>> roles(DataObject message) {
        return message.optObject("member").map(MessageReader::rolesOf);
    }

    static List<String> rolesOf(DataObject member) {
        var roles = new ArrayList<String>();
        DataArray all = member.optArray("roles").orElseGet(DataArray::empty);
        for (int i = 0; i < Math.min(all.length(), ROLES_MAX); i++) {
            roles.add(all.getString(i));
        }
        return List.copyOf(roles);
    }

    /** A slash command or a pressed button, as the text that the peer might have written; empty if it is neither. */
    static Optional<InboundMessage> interaction(DataObject interaction, Place place) {
        DataObject data = interaction.optObject("data").orElseGet(DataObject::empty);
        String text =
                switch (interaction.getInt("type", 0)) {
                    case 2 -> "/" + data.getString("name", "") + options(data, 0);
                    case 3 -> pressed(data);
                    default -> "";
                };
        Optional<DataObject> user = user(interaction);
        if (text.isBlank() || user.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(start(place, user.get(), nick(interaction), text)
                .remoteId("i:" + interaction.getString("id"))
                .roles(roles(interaction).orElse(List.of()))
                .addressed(true)
                .build());
    }

    static Optional<DataObject> user(DataObject event) {
        return event.optObject("member")
                .flatMap(member -> member.optObject("user"))
                .or(() -> event.optObject("user"));
    }

    static Sender sender(DataObject user, @Nullable String nick) {
        String name = nick != null ? nick : user.getString("global_name", user.getString("username", null));
        return new Sender(user.getString("id"), name);
    }

    static Optional<Instant> time(DataObject message, String key) {
        try {
            return Optional.ofNullable(message.getString(key, null))
                    .map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    /** The objects of a list below a key; none if there is no such list. */
    static List<DataObject> each(DataObject from, String key) {
        return objects(from.optArray(key).orElseGet(DataArray::empty));
    }

    /** What is an object in a list; may be changed. */
    static List<DataObject> objects(DataArray all) {
        var items = new ArrayList<DataObject>();
        for (int i = 0; i < all.length(); i++) {
            if (all.isType(i, DataType.OBJECT)) {
                items.add(all.getObject(i));
            }
        }
        return items;
    }

    static @Nullable String nick(DataObject event) {
        return event.optObject("member")
                .map(member -> member.getString("nick", null))
                .orElse(null);
    }

    private static InboundMessage.Builder start(Place place, DataObject user, @Nullable String nick, String text) {
        Peer peer = place.peer(user.getString("id"));
        return InboundMessage.from(peer, text)
                .parentPeer(place.parentPeer())
                .guild(place.guild())
                .threadId(place.thread())
                .sender(sender(user, nick));
    }

    private boolean isAddressed(DataObject message, Place place) {
        return place.guild() == null
                || each(message, "mentions").stream()
                        .anyMatch(user -> user.getString("id", "").equals(selfId))
                || mention().matcher(message.getString("content", "")).find()
                || message.optObject("referenced_message")
                        .flatMap(original -> original.optObject("author"))
                        .map(author -> author.getString("id", "").equals(selfId))
                        .orElse(false);
    }

    private String withoutMention(String content) {
        var mentions = mention().matcher(content);
        return mentions.find() ? mentions.replaceAll(" ").strip() : content;
    }

    private Pattern mention() {
        String role = selfRole == null ? "" : "|<@&" + Pattern.quote(selfRole) + ">";
        return Pattern.compile("[ \\t]*(<@!?" + Pattern.quote(selfId) + ">" + role + ")[ \\t]*");
    }

    private static Instant edited(DataObject message) {
        return time(message, "edited_timestamp").orElse(Instant.EPOCH);
    }

    /** Of a menu the chosen values. */
    private static String pressed(DataObject data) {
        DataArray values = data.optArray("values").orElseGet(DataArray::empty);
        if (values.isEmpty()) {
            return MessageBody.buttonData(data.getString("custom_id", ""));
        }
        var words = new ArrayList<String>();
        for (int i = 0; i < values.length(); i++) {
            words.add(values.getString(i));
        }
        return String.join(" ", words);
    }

    private static String options(DataObject data, int depth) {
        StringBuilder words = new StringBuilder();
        if (depth < OPTIONS_DEPTH_MAX) {
            for (DataObject option : each(data, "options")) {
                words.append(' ').append(option.getString("value", option.getString("name", "")));
                words.append(options(option, depth + 1));
            }
        }
        return words.toString();
    }
}
