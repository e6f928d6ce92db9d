package dev.patchbay.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Everybody who talks to one hub, through all of its channels at once; their far sides misbehave all the while. */
final class Crowd implements AutoCloseable {
    private final Talkers talkers;
    private final TelegramSide telegram;
    private final DiscordSide discord;
    private final WebSide web;

    Crowd(Lives lives, long seed) {
        talkers = new Talkers(lives, seed);
        var misfortune = new Misfortune(seed);
        telegram = new TelegramSide(talkers, misfortune);
        discord = new DiscordSide(talkers, misfortune);
        web = new WebSide(talkers, misfortune);
        for (int i = 0; i < 3; i++) {
            telegram.direct(100 + i);
            web.webhook("hook-" + i);
        }
        telegram.group(-500);
        for (int i = 0; i < 2; i++) {
            discord.direct();
            discord.channel();
            web.chat("program-" + i);
        }
        web.send(web.listener("listener"));
        web.send(telegram.listener(150));
        web.send(discord.listener());
    }

    /** The configuration of a hub that all of them reach. */
    String yaml(Duration drainLimit) {
        return """
            hub: { data-dir: ./data, drain-timeout: %ds }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents: { main: { type: echo } }
            channels:
              cli: { enabled: true }
              webhook:
                allow-private: [127.0.0.0/8]
                accounts:
                  default: { verify: none, reply: queue, callback: { url: "%s" } }
              telegram:
                accounts:
                  default:
                    token: "42:first"
                    api-url: "%s"
                    dm-policy: open
                    groups: { require-mention: false }
                    pacing: { per-second: 1000, burst: 100, interval: 10ms, group-per-minute: 1000 }
              discord:
                accounts:
                  default:
                    token: token
                    api-url: "%s"
                    gateway-url: "%s"
                    dm-policy: open
                    pacing: { per-second: 1000, burst: 100, interval: 10ms }
            delivery: { backoff: [200ms, 500ms], attempts: 1000 }
            """.formatted(drainLimit.toSeconds(), web.url(), telegram.url(), discord.url(), discord.gatewayUrl());
    }

    List<Conversation> conversations() {
        return talkers.conversations();
    }

    /** From now on this hub is the one that they reach. */
    void turnTo(Rpc rpc) {
        talkers.turnTo(rpc);
    }

    /**
     * The hub has ended: what it had sent arrives before this returns, or never. Without it, a far side that is behind would take the dead
     * one's last message for the first of the next one's.
     */
    void hangUp(Duration limit) throws IOException, InterruptedException {
        telegram.hangUp(limit);
        web.hangUp(limit);
    }

    /** What platforms do now and then: connections break, things are told twice, everything has to wait. */
    void stir(Random random) {
        int what = random.nextInt(16);
        if (what < 4) {
            discord.stir(what);
        } else if (what == 4) {
            telegram.stutter();
        }
    }

    /** They end what they are about to say and wait for what is under way. */
    void fallSilent(Duration limit) throws Exception {
        if (!talkers.fallSilent(limit)) {
            throw new AssertionError("somebody is not acknowledged within " + limit);
        }
        Bounded.until(limit, telegram::isConfirmed);
    }

    @Override
    public void close() {
        talkers.close();
        web.close();
        telegram.close();
        discord.close();
    }
}
