package dev.patchbay.example.irc;

import dev.patchbay.testkit.ChannelProbe;
import dev.patchbay.testkit.Recorded;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An IRC server on loopback for one client, which meets trouble when the test says so. */
final class IrcServer implements ChannelProbe, AutoCloseable {
    private final ServerSocket server;
    private final Recorded<Arrival> arrivals = new Recorded<>();
    private final ConcurrentLinkedQueue<Trouble> troubles = new ConcurrentLinkedQueue<>();
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Set<String> taken = new java.util.concurrent.ConcurrentSkipListSet<>();

    IrcServer() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** A nick that somebody else has. */
    void takeNick(String nick) {
        taken.add(nick);
    }

    /** Waits until the client has sent a line that begins so, and gives it. */
    String awaitLine(String beginning) throws InterruptedException {
        while (true) {
            String line = lines.poll(10, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no line began with " + beginning);
            }
            if (line.startsWith(beginning)) {
                return line;
            }
        }
    }

    /** Sends a line to the latest client. */
    void write(String line) {
        write(clients.getLast(), line);
    }

    void hangUp() throws IOException {
        clients.getLast().close();
    }

    @Override
    public Recorded<Arrival> arrivals() {
        return arrivals;
    }

    @Override
    public Set<Trouble> troubles() {
        return EnumSet.of(Trouble.REFUSES, Trouble.TAKES_AND_HANGS_UP, Trouble.TAKES_AND_STAYS_SILENT);
    }

    @Override
    public void nextMeets(Trouble trouble) {
        troubles.add(trouble);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : clients) {
            each.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                clients.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            String target = "";
            var text = new StringBuilder();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                if (line.startsWith("NICK ")) {
                    String nick = line.substring(5);
                    write(
                            client,
                            taken.contains(nick) ? ":irc 433 * " + nick + " :in use" : ":irc 001 " + nick + " :hi");
                } else if (line.startsWith("PRIVMSG ")) {
                    target = line.split(" ", 3)[1];
                    text.append(text.isEmpty() ? "" : "\n").append(line.substring(line.indexOf(" :") + 2));
                } else if (line.startsWith("PING :")) {
                    if (!answer(client, target, text.toString(), line.substring(6))) {
                        return;
                    }
                    text.setLength(0);
                }
            }
        } catch (IOException gone) {
            // The client has gone.
        }
    }

    /** False if the client is to be left. */
    private boolean answer(Socket client, String target, String text, String token) {
        Trouble trouble = troubles.poll();
        if (trouble == Trouble.REFUSES) {
            write(client, ":irc 401 me " + target + " :No such nick");
            write(client, ":irc PONG irc :" + token);
            return true;
        }
        arrivals.add(new Arrival(target, text, null));
        if (trouble == null) {
            write(client, ":irc PONG irc :" + token);
        }
        return trouble != Trouble.TAKES_AND_HANGS_UP;
    }

    private static synchronized void write(Socket client, String line) {
        try {
            client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
