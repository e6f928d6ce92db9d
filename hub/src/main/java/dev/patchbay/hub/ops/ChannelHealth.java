package dev.patchbay.hub.ops;

import dev.patchbay.hub.channel.ChannelStatus;
import dev.patchbay.hub.channel.Channels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** An account that has failed or works in part makes the hub degraded, never down: others still get through. */
public final class ChannelHealth implements HealthSource {
    private final Channels channels;

    public ChannelHealth(Channels channels) {
        this.channels = channels;
    }

    @Override
    public String name() {
        return "channels";
    }

    @Override
    public HealthPart check() {
        List<ChannelStatus> all = channels.status();
        Map<String, Object> facts = new LinkedHashMap<>();
        all.forEach(each -> facts.put(name(each), each.state().word()));
        String troubled = all.stream()
                .filter(each ->
                        each.state() == ChannelStatus.State.FAILED || each.state() == ChannelStatus.State.DEGRADED)
                .map(each -> name(each) + " is " + each.state().word())
                .collect(Collectors.joining(", "));
        return troubled.isEmpty() ? HealthPart.ok(facts) : new HealthPart(HealthStatus.DEGRADED, troubled, facts);
    }

    private static String name(ChannelStatus status) {
        return status.channel() + ":" + status.accountId();
    }
}
