package dev.patchbay.fakes.discord;

import dev.patchbay.fakes.http.Body;
import dev.patchbay.fakes.http.Handler;
import dev.patchbay.fakes.http.Request;
import dev.patchbay.fakes.http.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The REST side: finds the route, checks token and limits, answers. */
final class Rest implements Handler {
    static final String BASE = "/api/v10";
    private static final String FILES = "/attachments/";
    private static final String OTHER = "other";
    private static final int CALLS_MAX = 100_000;

    private final World world;
    private final RateLimits limits;
    private final List<Route> routes;
    private final Map<String, LongAdder> arrived = new ConcurrentHashMap<>();
    private final Deque<Call> calls = new ArrayDeque<>();

    /** A route and the ids in one path. */
    private record Found(Route route, Map<String, String> ids) {}

    Rest(World world, RateLimits limits) {
        this.world = world;
        this.limits = limits;
        routes = Stream.of(
                        new MessageRoutes(world).routes(),
                        new InteractionRoutes(world).routes(),
                        new AccountRoutes(world).routes())
                .flatMap(List::stream)
                .toList();
    }

    /** How many requests of a route have come, also those that a fault kept from being handled. */
    long arrived(String route) {
        LongAdder count = arrived.get(route);
        return count == null ? 0 : count.sum();
    }

    /** Under the world's lock. */
    List<Call> calls() {
        return new ArrayList<>(calls);
    }

    @Override
    public void arrived(Request request) {
        String route = find(request).map(found -> found.route().name()).orElse(OTHER);
        arrived.computeIfAbsent(route, any -> new LongAdder()).increment();
    }

    @Override
    public Response handle(Request request) {
        Optional<Found> found = find(request);
        return world.locked(() -> {
            Bot bot = bot(request, found);
            Response response = answer(request, found, bot);
            String route = found.map(each -> each.route().name()).orElse(OTHER);
            Optional<String> asker = Optional.ofNullable(bot).map(Bot::id);
            calls.addLast(new Call(route, request.path(), response.status(), asker, world.now()));
            if (calls.size() > CALLS_MAX) {
                calls.removeFirst();
            }
            return response;
        });
    }

    private Optional<Found> find(Request request) {
        if (!request.path().startsWith(BASE + "/")) {
            return Optional.empty();
        }
        String path = request.path().substring(BASE.length());
        return routes.stream()
                .flatMap(route -> route.match(request.method(), path).map(ids -> new Found(route, ids)).stream())
                .findFirst();
    }

    /** Who asks. Under an interaction's token it is the token's bot, whatever the request says. */
    private @Nullable Bot bot(Request request, Optional<Found> found) {
        String token = found.map(each -> each.ids().get("token")).orElse("");
        if (!token.isEmpty()) {
            return world.interactions().byToken(token).map(Interaction::bot).orElse(null);
        }
        String given = request.headers().value("authorization").orElse("");
        return given.startsWith("Bot ") ? world.bots.get(given.substring("Bot ".length())) : null;
    }

    private Response answer(Request request, Optional<Found> found, @Nullable Bot bot) {
        try {
            if (request.path().startsWith(FILES)) {
                return file(request.path());
            }
            Found where = found.orElseThrow(() -> refused(request));
            if (bot == null) {
                throw stranger(where.ids());
            }
            Route route = where.route();
            RateLimits.Place place =
                    limits.take(bot, route.name(), Route.major(where.ids()), route.kind(), world.now());
            return place.stayAway() == null
                    ? place.on(handled(route, new Route.Asked(bot, where.ids(), request)))
                    : place.refusal();
        } catch (ApiError error) {
            return json(error.status, Json.bytes(error.body()));
        }
    }

    private static Response handled(Route route, Route.Asked asked) {
        try {
            Route.Reply reply = route.endpoint().handle(asked);
            return reply.body() == null
                    ? Response.empty(reply.status())
                    : json(reply.status(), Json.bytes(reply.body()));
        } catch (ApiError error) {
            return json(error.status, Json.bytes(error.body()));
        }
    }

    private static ApiError stranger(Map<String, String> ids) {
        if (ids.containsKey("interaction")) {
            return ApiError.unknown(10062, "interaction");
        }
        return ids.containsKey("token") ? ApiError.unknown(10015, "Webhook") : ApiError.unauthorized();
    }

    private ApiError refused(Request request) {
        if (request.path().startsWith("/api/") && !request.path().startsWith(BASE + "/")) {
            return new ApiError(400, 50041, "Invalid API version");
        }
        boolean isKnown = Stream.of("GET", "POST", "PUT", "PATCH", "DELETE")
                .anyMatch(method -> find(as(method, request)).isPresent());
        return isKnown ? new ApiError(405, 0, "405: Method Not Allowed") : ApiError.notFound();
    }

    private static Request as(String method, Request request) {
        return new Request(
                method, request.path(), request.query(), request.headers(), request.body(), request.arrivedNanos());
    }

    private Response file(String path) {
        String[] parts = path.substring(FILES.length()).split("/", -1);
        Channel channel = world.channels.get(parts[0]);
        if (parts.length == 3 && channel != null) {
            for (Message message : channel.messages.values()) {
                for (Attachment each : message.attachments()) {
                    if (each.id().equals(parts[1]) && each.name().equals(parts[2])) {
                        return Response.of(200, each.contentType(), each.content());
                    }
                }
            }
        }
        return Response.of(404, "text/plain", Body.of("This content is no longer available."));
    }

    private static Response json(int status, byte[] body) {
        return Response.of(status, "application/json", Body.of(body));
    }
}
