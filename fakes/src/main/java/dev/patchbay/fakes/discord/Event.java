package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;

/**
 * Something that bots are told of.
 *
 * @param intent the bit a session must have asked for, 0 if none is needed
 * @param where decides which bots see it
 * @param data what one session is told
 */
record Event(String type, long intent, Where where, Function<GatewaySession, ObjectNode> data) {

    /** Which bots are concerned. */
    sealed interface Where {
        record In(Channel channel) implements Where {}

        record Inside(Guild guild) implements Where {}

        record To(Bot bot) implements Where {}
    }

    boolean concerns(GatewaySession session) {
        boolean isAsked = intent == 0 || (session.intents & intent) != 0;
        return isAsked
                && switch (where) {
                    case Where.In(Channel channel) ->
                        channel.isSeenBy(session.bot)
                                && channel.guild().map(session::serves).orElse(session.servesDms());
                    case Where.Inside(Guild guild) ->
                        guild.members.containsKey(session.bot.id()) && session.serves(guild);
                    case Where.To(Bot bot) -> bot.equals(session.bot);
                };
    }
}
