package dev.patchbay.hub.routing;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Joins the ids that one person has on several channels: in direct sessions the person's name stands in place of the peer id, as
 * far as the scope reaches. The name is a peer id like any other, so choose one that no stranger can have.
 */
public final class IdentityLinks {
    /** Nobody is linked. */
    public static final IdentityLinks NONE = new IdentityLinks(Map.of());

    private final Map<String, Map<String, String>> personByChannelAndPeer;

    private IdentityLinks(Map<String, Map<String, String>> personByChannelAndPeer) {
        this.personByChannelAndPeer = personByChannelAndPeer;
    }

    /**
     * Reads {@code alice: ["telegram:42", "discord:300"]}. What is wrong is told and left out.
     *
     * @param problems takes the key below {@code sessions.identity-links} and what is wrong with it and what to do
     */
    public static IdentityLinks parse(
            Map<String, ? extends Collection<String>> people, BiConsumer<String, String> problems) {
        var links = new HashMap<String, Map<String, String>>();
        people.forEach((name, peers) -> {
            String person = Blanks.cut(name);
            if (person.isEmpty()) {
                problems.accept(name, "the name is empty; write who it is");
                return;
            }
            for (String linked : peers) {
                int colon = linked.indexOf(':');
                String channel = colon < 0 ? "" : Blanks.fold(linked.substring(0, colon));
                String peer = Blanks.cut(linked.substring(colon + 1));
                if (channel.isEmpty() || peer.isEmpty()) {
                    problems.accept(
                            name,
                            "\"" + Shown.text(linked) + "\" names no peer; write CHANNEL:PEER, for instance"
                                    + " \"telegram:42\"");
                    continue;
                }
                String other =
                        links.computeIfAbsent(channel, _ -> new HashMap<>()).putIfAbsent(peer, person);
                if (other != null && !other.equals(person)) {
                    problems.accept(
                            name,
                            "\"" + Shown.text(linked) + "\" is " + Shown.text(other)
                                    + " already; link it to one person");
                }
            }
        });
        links.replaceAll((_, peers) -> Map.copyOf(peers));
        return new IdentityLinks(Map.copyOf(links));
    }

    /** The name of the person with this id, else the id itself. Channel in lower case, id cut. */
    String personOf(String channel, String peerId) {
        return personByChannelAndPeer.getOrDefault(channel, Map.of()).getOrDefault(peerId, peerId);
    }
}
