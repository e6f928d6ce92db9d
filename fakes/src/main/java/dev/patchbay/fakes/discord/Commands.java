package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The slash commands that bots have registered, everywhere or for one guild. Under the world's lock. */
final class Commands {
    private static final Pattern NAME =
            Pattern.compile("^[-_'\\p{L}\\p{N}\\p{IsDeva}\\p{IsThai}]{1,32}$", Pattern.UNICODE_CHARACTER_CLASS);
    private static final int COMMANDS_MAX = 100;

    private final World world;
    private final Map<Scope, List<ObjectNode>> all = new LinkedHashMap<>();

    /** @param guildId empty for everywhere */
    record Scope(String applicationId, String guildId) {}

    Commands(World world) {
        this.world = world;
    }

    List<ObjectNode> of(Scope scope) {
        return List.copyOf(all.getOrDefault(scope, List.of()));
    }

    /** Puts these in the place of all there were; one of the same name and type keeps its id. */
    List<ObjectNode> replace(Scope scope, JsonNode wanted) {
        if (!wanted.isArray() || wanted.size() > COMMANDS_MAX) {
            throw ApiError.invalid("commands", "BASE_TYPE_BAD_LENGTH", "Must be an array of at most 100 commands.");
        }
        var made = new ArrayList<ObjectNode>();
        wanted.forEach(each -> made.add(register(scope, each)));
        all.put(scope, made);
        return made;
    }

    ObjectNode put(Scope scope, JsonNode wanted) {
        ObjectNode made = register(scope, wanted);
        List<ObjectNode> kept = all.computeIfAbsent(scope, any -> new ArrayList<>());
        kept.removeIf(each -> each.path("id").equals(made.path("id")));
        kept.add(made);
        return made;
    }

    void remove(Scope scope, String id) {
        List<ObjectNode> kept = all.getOrDefault(scope, List.of());
        if (kept.stream().noneMatch(each -> each.path("id").asText().equals(id))) {
            throw ApiError.unknown(10063, "application command");
        }
        kept.removeIf(each -> each.path("id").asText().equals(id));
    }

    /** The command that a person finds under this name; a guild's own goes before one of everywhere. */
    Optional<ObjectNode> offered(Bot bot, Optional<Guild> guild, String name) {
        return guild.map(in -> of(new Scope(bot.id(), in.id())))
                .flatMap(own -> named(own, name))
                .or(() -> named(of(new Scope(bot.id(), "")), name));
    }

    private static Optional<ObjectNode> named(List<ObjectNode> commands, String name) {
        return commands.stream()
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst();
    }

    private ObjectNode register(Scope scope, JsonNode wanted) {
        String name = wanted.path("name").asText("");
        int type = wanted.path("type").asInt(1);
        if (!NAME.matcher(name).matches() || !name.equals(name.toLowerCase(Locale.ROOT))) {
            throw ApiError.invalid("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
        }
        String description = wanted.path("description").asText("");
        if (type == 1 && (description.isEmpty() || description.codePointCount(0, description.length()) > 100)) {
            throw ApiError.invalid("description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
        }
        String id = named(of(scope), name)
                .filter(each -> each.path("type").asInt() == type)
                .map(each -> each.path("id").asText())
                .orElseGet(world::nextId);
        ObjectNode made = Json.object()
                .put("id", id)
                .put("application_id", scope.applicationId())
                .put("version", world.nextId())
                .put("type", type)
                .put("name", name)
                .put("description", description)
                .put("dm_permission", true)
                .put("nsfw", false)
                .putNull("default_member_permissions");
        made.set(
                "options",
                wanted.path("options").isArray() ? wanted.path("options").deepCopy() : Json.array());
        if (!scope.guildId().isEmpty()) {
            made.put("guild_id", scope.guildId());
        }
        return made;
    }

    ArrayNode shape(Scope scope) {
        ArrayNode shape = Json.array();
        of(scope).forEach(shape::add);
        return shape;
    }
}
