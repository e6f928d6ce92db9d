package dev.patchbay.plugin.telegram;

import static dev.patchbay.fakes.telegram.TelegramFaults.method;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.Peer;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeTelegram;
import dev.patchbay.fakes.telegram.TelegramFaults;
import dev.patchbay.testkit.ChannelContract;
import dev.patchbay.testkit.ChannelProbe;
import dev.patchbay.testkit.Recorded;
import dev.patchbay.testkit.RecordingHost;
import dev.patchbay.testkit.TakesMessagesIn;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

class TelegramChannelTest extends ChannelContract implements TakesMessagesIn {
    private final FakeTelegram telegram = FakeTelegram.start();
    private final FakeBot bot = telegram.addBot(Bots.TOKEN, Bots.NAME);
    private final Service service = new Service();

    @AfterEach
    void stop() {
        telegram.close();
    }

    @Override
    protected Channel openChannel(ChannelHost hub) throws Exception {
        bot.direct(1001);
        bot.direct(1002);
        return Bots.open(Bots.at(telegram.url(), "markdown", "false"), hub);
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

    /** Telegram as the contract looks at it. It knows no key by which repeats are told. */
    private final class Service implements ChannelProbe.Speaking {
        private final Recorded<Arrival> arrivals = new Recorded<>();
        private final Recorded<String> acknowledged = new Recorded<>();
        private final Map<String, Long> messageIds = new HashMap<>();
        private final List<String> said = new ArrayList<>();

        Service() {
            bot.watch((chat, message) -> arrivals.add(new Arrival(Long.toString(chat.id()), message.text(), null)));
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
            telegram.faults()
                    .next(
                            1,
                            method("sendMessage"),
                            switch (trouble) {
                                case REFUSES -> TelegramFaults.blocked();
                                case ASKS_TO_SLOW_DOWN -> TelegramFaults.tooManyRequests(7);
                                case FAILS -> Fault.badGateway();
                                case TAKES_AND_HANGS_UP -> Fault.resetAfter();
                                case TAKES_AND_STAYS_SILENT -> Fault.hangAfter();
                            });
        }

        @Override
        public synchronized void say(String id, Peer from, String text) {
            var chat = bot.direct(Long.parseLong(from.id()));
            Long known = messageIds.get(id);
            if (known == null) {
                messageIds.put(id, chat.userSays(text));
            } else if (bot.unconfirmed() == 0) {
                chat.user().repeats(known);
            } else {
                // What is not confirmed is handed out again as it is.
                return;
            }
            said.add(id);
            Thread.ofVirtual().start(this::watch);
        }

        @Override
        public Recorded<String> acknowledged() {
            return acknowledged;
        }

        private void watch() {
            try {
                if (bot.awaitConfirmed(Bots.PATIENCE)) {
                    synchronized (this) {
                        for (int i = acknowledged.all().size(); i < bot.confirmed(); i++) {
                            acknowledged.add(said.get(i));
                        }
                    }
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
