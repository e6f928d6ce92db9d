package dev.patchbay.fakes.discord;

import java.util.List;
import java.util.function.Consumer;

/**
 * The gateway and what can go wrong with it. Each trouble is one bot's. Safe for use by many threads; a trouble concerns what
 * the bot has open when it is asked for, unless it says "next".
 */
public final class Gateway {
    private final World world;
    private final GatewayDesk desk;

    Gateway(World world, GatewayDesk desk) {
        this.world = world;
        this.desk = desk;
    }

    // Troubles.

    /** Resets the bot's connections without a close frame. Its sessions can be resumed. */
    public void drop(Bot bot) {
        onConnections(bot, GatewayConnection::drop);
    }

    /** Sends nothing more on the bot's connections, no events and no acknowledgements; they stay open. */
    public void mute(Bot bot) {
        onConnections(bot, GatewayConnection::mute);
    }

    /** Asks the bot to connect again and resume (operation 7). */
    public void reconnect(Bot bot) {
        onConnections(bot, connection -> connection.send(GatewayDesk.frame(7, null)));
    }

    /** Closes the bot's connections with a code of the documentation, for instance 4000. After 4004 and 4010 to 4014 the session is gone. */
    public void close(Bot bot, int code, String reason) {
        world.change(() -> desk.connections(bot).forEach(connection -> desk.close(connection, code, reason)));
    }

    /**
     * Says that the session is invalid (operation 9).
     *
     * @param resumable if false it is forgotten, and what is said until the bot has identified itself anew is never told
     */
    public void invalidate(Bot bot, boolean resumable) {
        world.change(() -> {
            List<GatewayConnection> told = desk.connections(bot);
            if (!resumable) {
                desk.forget(bot);
            }
            for (GatewayConnection connection : told) {
                connection.session = resumable ? connection.session : null;
                connection.send(GatewayDesk.frame(9, Json.object().booleanNode(resumable)));
            }
        });
    }

    /** Forgets the bot's sessions and says nothing: a resume is answered with operation 9. Open connections are reset. */
    public void forget(Bot bot) {
        world.change(() -> {
            List<GatewayConnection> open = desk.connections(bot);
            desk.forget(bot);
            open.forEach(connection -> connection.session = null);
            open.forEach(GatewayConnection::drop);
        });
    }

    /** Answers the bot's next identify by closing with this code. May be said several times, for several of them. */
    public void closeNextIdentify(Bot bot, int code, String reason) {
        script(bot, script -> script.refuseIdentify(new GatewayScript.Refusal.Close(code, reason)));
    }

    /** Answers the bot's next identify with operation 9. */
    public void invalidateNextIdentify(Bot bot) {
        script(bot, script -> script.refuseIdentify(new GatewayScript.Refusal.Invalid()));
    }

    /** The bot's next events are each sent twice, with the same number. */
    public void duplicateNext(Bot bot, int events) {
        script(bot, script -> script.duplicate(events));
    }

    /** The bot's next events are held back until there are so many, and sent in the reverse order. */
    public void reverseNext(Bot bot, int events) {
        script(bot, script -> script.reverse(events));
    }

    // What has happened.

    /** How often the bot has begun a session anew. */
    public int identifies(Bot bot) {
        return world.read(() -> desk.identifies(bot));
    }

    /** How often the bot has gone on with a session. */
    public int resumes(Bot bot) {
        return world.read(() -> desk.resumes(bot));
    }

    /** Whether the bot has a session with an open connection. */
    public boolean isConnected(Bot bot) {
        return world.read(() -> !desk.connections(bot).isEmpty());
    }

    /** Heartbeats of all bots. */
    public long heartbeats() {
        return world.read(desk::heartbeats);
    }

    private void onConnections(Bot bot, Consumer<GatewayConnection> action) {
        world.change(() -> desk.connections(bot).forEach(action));
    }

    private void script(Bot bot, Consumer<GatewayScript> change) {
        world.change(() -> change.accept(desk.scriptOf(bot)));
    }
}
