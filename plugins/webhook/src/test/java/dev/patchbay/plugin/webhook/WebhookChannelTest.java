package dev.patchbay.plugin.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.Peer;
import dev.patchbay.plugin.webhook.CallbackServer.Request;
import dev.patchbay.testkit.ChannelContract;
import dev.patchbay.testkit.ChannelProbe;
import dev.patchbay.testkit.Recorded;
import dev.patchbay.testkit.RecordingHost;
import dev.patchbay.testkit.TakesMessagesIn;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

class WebhookChannelTest extends ChannelContract implements TakesMessagesIn {
    private final CallbackServer server = new CallbackServer();
    private final Service service = new Service();

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Override
    protected Channel openChannel(ChannelHost hub) {
        return Webhooks.open(Map.of("callback", Map.of("url", server.url())), hub);
    }

    @Override
    protected ChannelProbe farSide() {
        return service;
    }

    @Override
    public ChannelProbe.Speaking speakingSide() {
        return service;
    }

    @Override
    public RecordingHost hub() {
        return host;
    }

    /** A service that posts to the hub and takes its callbacks. */
    private final class Service implements ChannelProbe.Speaking {
        private final ObjectMapper json = new ObjectMapper();
        private final Recorded<Arrival> arrivals = new Recorded<>();
        private final Recorded<String> acknowledged = new Recorded<>();

        Service() {
            server.whenRequested(request -> arrivals.add(arrival(request)));
        }

        @Override
        public Recorded<Arrival> arrivals() {
            return arrivals;
        }

        @Override
        public Set<Trouble> troubles() {
            return EnumSet.allOf(Trouble.class);
        }

        @Override
        public void nextMeets(Trouble trouble) {
            server.next(
                    switch (trouble) {
                        case REFUSES -> CallbackServer.status(410);
                        case ASKS_TO_SLOW_DOWN -> CallbackServer.status(429, "Retry-After: 7");
                        case FAILS -> CallbackServer.status(500);
                        case TAKES_AND_HANGS_UP -> CallbackServer.reset();
                        case TAKES_AND_STAYS_SILENT -> server.silence();
                    });
        }

        @Override
        public void say(String id, Peer from, String text) {
            String body = json.createObjectNode()
                    .put("message_id", id)
                    .put("peer", from.id())
                    .put("text", text)
                    .toString();
            Thread.ofVirtual().start(() -> {
                try {
                    if (Webhooks.post(channel(), Webhooks.call(body)).status() == 202) {
                        acknowledged.add(id);
                    }
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        @Override
        public Recorded<String> acknowledged() {
            return acknowledged;
        }

        private Arrival arrival(Request request) {
            try {
                JsonNode data = json.readTree(request.body()).path("data");
                return new Arrival(data.path("to").asText(), data.path("text").asText(), request.header("webhook-id"));
            } catch (JsonProcessingException notJson) {
                throw new AssertionError(notJson);
            }
        }
    }
}
