package dev.patchbay.hub.command.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.screen.Screen;
import dev.patchbay.hub.command.wire.HubNotReached;
import dev.patchbay.hub.command.wire.RpcClient;
import dev.patchbay.hub.command.wire.RpcFailure;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A conversation for pipes: a line in, its reply out, and only then the next line, so that replies come in the order of the
 * lines and nothing piles up. The replies, and nothing else, go to standard output.
 */
public final class PlainChat {
    /** The hub's bound on a request, less some room for what stands around the text. */
    private static final int LINE_BYTES_MAX = 9 << 20;

    /** The agent's own timeout ends a turn much earlier; this is for a hub that has lost it. */
    private static final Duration REPLY_TIMEOUT = Duration.ofHours(1);

    private static final int RATE_LIMIT_RETRIES = 100;
    private static final Duration RATE_LIMIT_WAIT_MAX = Duration.ofMinutes(1);

    private final RpcClient hub;
    private final Conversation conversation;
    private final Screen screen;
    private final Form form;
    private boolean hasFailed;

    /** How a reply is written. */
    public enum Form {
        /** As it is. */
        TEXT,
        /** Without anything that would steer a terminal. */
        HARMLESS_TEXT,
        /** The whole answer of the hub as one JSON document. */
        JSON
    }

    public PlainChat(RpcClient hub, Conversation conversation, Screen screen, Form form) {
        this.hub = hub;
        this.conversation = conversation;
        this.screen = screen;
        this.form = form;
    }

    /**
     * Talks until the input ends.
     *
     * @return {@code FAILED} if a line got no reply because its turn failed
     * @throws Failure if the hub is not reached or goes away
     */
    public ExitCode run(InputStream in) throws InterruptedException {
        var lines = new BoundedLines(in, LINE_BYTES_MAX);
        try {
            // Before the first line: whoever types should not learn it only then.
            hub.call("health", RpcClient.params());
            long number = 0;
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                number++;
                if (line.get().isTooLong()) {
                    failed(number, "is longer than " + (LINE_BYTES_MAX >> 20) + " MB and was not sent");
                } else if (!line.get().text().isBlank()) {
                    say(number, line.get().text());
                }
            }
        } catch (HubNotReached gone) {
            throw gone.asFailure();
        } catch (RpcFailure no) {
            throw no.asFailure(hub.address());
        } catch (IOException broken) {
            throw new Failure(ExitCode.FAILED, "standard input cannot be read", "", broken);
        }
        return hasFailed ? ExitCode.FAILED : ExitCode.DONE;
    }

    private void say(long number, String text) throws HubNotReached, InterruptedException {
        ObjectNode params = conversation.says(text, UUID.randomUUID().toString());
        for (int tries = 0; ; tries++) {
            try {
                print(hub.call("chat.send", params, REPLY_TIMEOUT));
                return;
            } catch (RpcFailure no) {
                if (no.isShuttingDown() || no.isUnauthorised()) {
                    throw no.asFailure(hub.address());
                }
                if (no.retryAfter().isZero() || tries == RATE_LIMIT_RETRIES) {
                    failed(number, no.what());
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(Math.min(no.retryAfter().toMillis(), RATE_LIMIT_WAIT_MAX.toMillis()));
            } catch (HubNotReached broken) {
                // An idle connection may have been closed while the line was on its way. The key keeps it from being
                // said twice.
                if (tries > 0) {
                    throw broken;
                }
            }
        }
    }

    private void print(JsonNode result) {
        if (form == Form.JSON) {
            screen.json(result);
        } else {
            String text = result.path("text").asText("");
            String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
            screen.raw((form == Form.TEXT ? text : HarmlessText.of(text)) + end);
        }
        if (screen.isBroken()) {
            throw new Failure(ExitCode.FAILED, "nobody reads the replies any more", "");
        }
    }

    private void failed(long number, String why) {
        hasFailed = true;
        screen.error("line " + number + ": " + why, "");
    }
}
