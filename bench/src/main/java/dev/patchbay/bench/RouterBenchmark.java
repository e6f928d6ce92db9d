package dev.patchbay.bench;

import dev.patchbay.api.Peer;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.DmScope;
import dev.patchbay.hub.routing.IdentityLinks;
import dev.patchbay.hub.routing.Route;
import dev.patchbay.hub.routing.RouteQuery;
import dev.patchbay.hub.routing.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One message through the router, query and session key included, with few and with many rules. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RouterBenchmark {

    @Param({"0", "10", "10000"})
    int rules;

    private Router router;
    private Peer bound;

    /** Half of the rules name a peer, half of them roles of one guild. */
    @Setup
    public void open() {
        var trees = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < rules; i++) {
            trees.add(Map.of(
                    "agent",
                    "main",
                    "match",
                    i % 2 == 0
                            ? Map.of("channel", "discord", "peer", Map.of("kind", "direct", "id", i))
                            : Map.of("channel", "discord", "guild", "G", "roles", List.of(i))));
        }
        BindingTable table = BindingTable.parse(trees, List.of("main"), Integer::toString);
        router = new Router(table, "main", DmScope.PER_CHANNEL_PEER, IdentityLinks.NONE);
        bound = Peer.direct(Integer.toString(rules / 4 * 2));
    }

    /** The first tier decides. */
    @Benchmark
    public Route peer() {
        return router.route(RouteQuery.of("discord", "default", bound));
    }

    /** Every tier is asked and none answers. */
    @Benchmark
    public Route nobody() {
        return router.route(new RouteQuery(
                "discord",
                "default",
                new Peer(Peer.Kind.CHANNEL, "200"),
                new Peer(Peer.Kind.CHANNEL, "100"),
                "G",
                "T",
                List.of("a", "b", "c"),
                "7"));
    }
}
