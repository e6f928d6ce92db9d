package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.discord.Route.Asked;
import dev.patchbay.fakes.discord.Route.Reply;
import java.util.List;
import java.util.Optional;

/** How bots answer interactions: the callback first, then messages under the interaction's token. Under the world's lock. */
final class InteractionRoutes {
    private static final int PONG = 1;
    private static final int MESSAGE = 4;
    private static final int THINKING = 5;
    private static final int SEEN = 6;
    private static final int UPDATE = 7;
    private static final int MODAL = 9;

    private final World world;

    InteractionRoutes(World world) {
        this.world = world;
    }

    List<Route> routes() {
        var kind = RateLimits.Kind.INTERACTION;
        String webhook = "/webhooks/{application}/{token}";
        return List.of(
                new Route("POST", "/interactions/{interaction}/{token}/callback", kind, this::callback),
                new Route("POST", webhook, kind, this::follow),
                new Route("GET", webhook + "/messages/{message}", kind, asked -> shown(asked, message(asked))),
                new Route("PATCH", webhook + "/messages/{message}", kind, this::edit),
                new Route("DELETE", webhook + "/messages/{message}", kind, this::delete));
    }

    private Reply callback(Asked asked) {
        Interaction interaction = world.interactions()
                .byId(asked.id("interaction"))
                .filter(each -> each.token().equals(asked.id("token")) && each.isOpen())
                .orElseThrow(() -> ApiError.unknown(10062, "interaction"));
        if (interaction.isAnswered()) {
            throw new ApiError(400, 40060, "Interaction has already been acknowledged.");
        }
        ObjectNode body = asked.body();
        ObjectNode data = body.path("data") instanceof ObjectNode given ? given : Json.object();
        int type = body.path("type").asInt(0);
        Optional<Message> message =
                switch (type) {
                    case MESSAGE -> Optional.of(interaction.respond(MessageForm.read(data, asked.files())));
                    case THINKING -> {
                        int flags = data.path("flags").asInt(0) & Said.EPHEMERAL;
                        yield Optional.of(interaction.respond(Said.text("").withFlags(flags | Said.THINKING)));
                    }
                    case UPDATE -> Optional.of(update(interaction, data, asked));
                    case SEEN -> interaction.pressed();
                    case MODAL -> {
                        interaction.opened(data);
                        yield Optional.empty();
                    }
                    case PONG -> Optional.empty();
                    default ->
                        throw ApiError.invalid(
                                "type", "BASE_TYPE_CHOICES", "Value must be one of {4, 5, 6, 7, 8, 9, 12}.");
                };
        interaction.answered(type);
        message.map(Message::id).ifPresent(interaction::original);
        return asked.request().queryFields().getOrDefault("with_response", "").equals("true")
                ? Reply.ok(told(asked, interaction, type, message))
                : Reply.none();
    }

    private static Message update(Interaction interaction, ObjectNode data, Asked asked) {
        Message pressed = interaction
                .pressed()
                .orElseThrow(() -> ApiError.invalid(
                        "type", "BASE_TYPE_CHOICES", "Only an interaction with a component can update a message."));
        Message now = interaction.response(pressed.id()).orElseThrow(() -> ApiError.unknown(10008, "Message"));
        return interaction.revise(now, MessageForm.change(now.said(), data, asked.files()));
    }

    private ObjectNode told(Asked asked, Interaction interaction, int type, Optional<Message> message) {
        ObjectNode shape = Json.object();
        ObjectNode about =
                shape.putObject("interaction").put("id", interaction.id()).put("type", interaction.type());
        boolean isNew = type == MESSAGE || type == THINKING || type == UPDATE;
        message.filter(any -> isNew).ifPresent(made -> {
            about.put("response_message_id", made.id())
                    .put("response_message_loading", type == THINKING)
                    .put("response_message_ephemeral", made.said().isEphemeral());
            ObjectNode resource = shape.putObject("resource").put("type", type);
            resource.set("message", new MessageShape(world, asked.bot(), true).of(interaction.channel(), made));
        });
        return shape;
    }

    private Interaction open(Asked asked) {
        Interaction interaction = world.interactions()
                .byToken(asked.id("token"))
                .filter(each -> each.bot().id().equals(asked.id("application")))
                .orElseThrow(() -> ApiError.unknown(10015, "Webhook"));
        if (!interaction.isOpen() || !interaction.isAnswered()) {
            throw new ApiError(401, 50027, "Invalid Webhook Token");
        }
        return interaction;
    }

    private Message message(Asked asked) {
        Interaction interaction = open(asked);
        String id = asked.id("message");
        Optional<String> wanted = id.equals("@original") ? interaction.original() : Optional.of(id);
        return wanted.flatMap(interaction::response).orElseThrow(() -> ApiError.unknown(10008, "Message"));
    }

    /** The first follow-up of a bot that has said "thinking" takes that message's place. */
    private Reply follow(Asked asked) {
        Interaction interaction = open(asked);
        Said said = MessageForm.read(asked.body(), asked.files());
        Optional<Message> thinking =
                interaction.original().flatMap(interaction::response).filter(InteractionRoutes::isThinking);
        Message message = thinking.map(before ->
                        interaction.revise(before, said.withFlags(before.said().flags() & ~Said.THINKING)))
                .orElseGet(() -> interaction.respond(said));
        return shown(asked, message);
    }

    private Reply edit(Asked asked) {
        Message before = message(asked);
        Said said = MessageForm.change(before.said(), asked.body(), asked.files());
        if (said.isEmpty() && before.attachments().isEmpty()) {
            throw new ApiError(400, 50006, "Cannot send an empty message");
        }
        return shown(asked, open(asked).revise(before, said.withFlags(said.flags() & ~Said.THINKING)));
    }

    private Reply delete(Asked asked) {
        open(asked).take(message(asked));
        return Reply.none();
    }

    private static boolean isThinking(Message message) {
        return (message.said().flags() & Said.THINKING) != 0;
    }

    private Reply shown(Asked asked, Message message) {
        return Reply.ok(
                new MessageShape(world, asked.bot(), true).of(open(asked).channel(), message));
    }
}
