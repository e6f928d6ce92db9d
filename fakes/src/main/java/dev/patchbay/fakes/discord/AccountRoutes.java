package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.discord.Route.Asked;
import dev.patchbay.fakes.discord.Route.Reply;
import java.util.List;
import java.util.Optional;

/** What bots ask about themselves, others and the gateway, and the commands they register. Under the world's lock. */
final class AccountRoutes {
    private final World world;

    AccountRoutes(World world) {
        this.world = world;
    }

    List<Route> routes() {
        var other = RateLimits.Kind.OTHER;
        String everywhere = "/applications/{application}/commands";
        String inGuild = "/applications/{application}/guilds/{guild}/commands";
        return List.of(
                new Route(
                        "GET",
                        "/gateway",
                        other,
                        asked -> Reply.ok(Json.object().put("url", world.gatewayUrl()))),
                new Route("GET", "/gateway/bot", other, asked -> Reply.ok(gateway())),
                new Route("GET", "/users/@me", other, asked -> Reply.ok(Shapes.self(asked.bot()))),
                new Route("GET", "/users/{user}", other, asked -> Reply.ok(Shapes.user(user(asked)))),
                new Route("GET", "/applications/@me", other, asked -> Reply.ok(Shapes.application(asked.bot()))),
                new Route("GET", "/oauth2/applications/@me", other, asked -> Reply.ok(Shapes.application(asked.bot()))),
                new Route("GET", "/guilds/{guild}/members/{user}", other, this::member),
                new Route("GET", "/guilds/{guild}/channels", other, this::channels),
                new Route("GET", "/guilds/{guild}/threads/active", other, this::threads),
                new Route(
                        "GET",
                        everywhere,
                        other,
                        asked -> Reply.ok(world.commands().shape(scope(asked)))),
                new Route("PUT", everywhere, other, this::replace),
                new Route("POST", everywhere, other, this::put),
                new Route("DELETE", everywhere + "/{command}", other, this::remove),
                new Route(
                        "GET",
                        inGuild,
                        other,
                        asked -> Reply.ok(world.commands().shape(scope(asked)))),
                new Route("PUT", inGuild, other, this::replace),
                new Route("POST", inGuild, other, this::put),
                new Route("DELETE", inGuild + "/{command}", other, this::remove));
    }

    private ObjectNode gateway() {
        ObjectNode shape = Json.object().put("url", world.gatewayUrl()).put("shards", 1);
        shape.putObject("session_start_limit")
                .put("total", 1000)
                .put("remaining", 999)
                .put("reset_after", 86_400_000)
                .put("max_concurrency", 1);
        return shape;
    }

    private User user(Asked asked) {
        return Optional.ofNullable(world.users.get(asked.id("user")))
                .orElseThrow(() -> ApiError.unknown(10013, "User"));
    }

    private Guild guild(Asked asked) {
        return Optional.ofNullable(world.guilds.get(asked.id("guild")))
                .filter(guild -> guild.members.containsKey(asked.bot().id()))
                .orElseThrow(() -> ApiError.unknown(10004, "Guild"));
    }

    private Reply member(Asked asked) {
        Guild.Member member = guild(asked).member(user(asked));
        if (member == null) {
            throw ApiError.unknown(10007, "Member");
        }
        return Reply.ok(Shapes.member(member, true));
    }

    private Reply channels(Asked asked) {
        return Reply.ok(in(guild(asked), false));
    }

    private Reply threads(Asked asked) {
        ObjectNode shape = Json.object();
        shape.set("threads", in(guild(asked), true));
        shape.putArray("members");
        return Reply.ok(shape);
    }

    private ArrayNode in(Guild guild, boolean threads) {
        ArrayNode shape = Json.array();
        world.channels.values().stream()
                .filter(channel -> channel.guild().filter(guild::equals).isPresent())
                .filter(channel -> threads == (channel.kind() == Channel.Kind.THREAD))
                .forEach(channel -> shape.add(Shapes.channel(channel)));
        return shape;
    }

    private Commands.Scope scope(Asked asked) {
        if (!asked.id("application").equals(asked.bot().id())) {
            throw new ApiError(403, 20012, "You are not authorized to perform this action on this application");
        }
        return new Commands.Scope(
                asked.bot().id(),
                asked.ids().containsKey("guild") ? guild(asked).id() : "");
    }

    private Reply replace(Asked asked) {
        Commands.Scope scope = scope(asked);
        world.commands().replace(scope, asked.list());
        return Reply.ok(world.commands().shape(scope));
    }

    private Reply put(Asked asked) {
        return new Reply(201, world.commands().put(scope(asked), asked.body()));
    }

    private Reply remove(Asked asked) {
        world.commands().remove(scope(asked), asked.id("command"));
        return Reply.none();
    }
}
