package dev.patchbay.hub.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.hub.routing.Binding;
import dev.patchbay.hub.routing.BindingProblem;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.Router;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.tenant.Tenants;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table of bindings in force: the file's, or one set through the API and kept in the store. Safe for many threads. */
public final class Bindings {
    private static final Logger log = LoggerFactory.getLogger(Bindings.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final BindingTable fromFile;
    private final Set<String> agents;
    private final Tenants tenants;
    private final Function<BindingTable, Router> routers;
    private final Clock clock;
    private volatile Current current;

    private record Current(Router router, Source source) {}

    /** Where the table in force comes from. */
    public enum Source {
        FILE,
        API
    }

    /**
     * Takes up the table that was set through the API, if there is one that still works, else the file's.
     *
     * @param fromFile without errors
     * @param routers makes a router of a table, with the configuration's default agent and scope
     */
    public Bindings(
            Store store, BindingTable fromFile, Set<String> agents, Function<BindingTable, Router> routers, Clock clock)
            throws InterruptedException {
        this(store, fromFile, agents, Tenants.one(""), routers, clock);
    }

    /** Likewise, where a rule must not lead from one tenant to another. */
    public Bindings(
            Store store,
            BindingTable fromFile,
            Set<String> agents,
            Tenants tenants,
            Function<BindingTable, Router> routers,
            Clock clock)
            throws InterruptedException {
        this.tenants = tenants;
        this.store = store;
        this.fromFile = fromFile;
        this.agents = Set.copyOf(agents);
        this.routers = routers;
        this.clock = clock;
        this.current = load();
    }

    /** The router of the table in force. */
    public Router router() {
        return current.router();
    }

    public Source source() {
        return current.source();
    }

    /** The rules in force, as trees. */
    public List<Map<String, Object>> rules() {
        return current.router().table().bindings().stream().map(Binding::tree).toList();
    }

    /**
     * Replaces the table at once and durably.
     *
     * @return what is wrong; if there is an error among it, nothing was replaced
     */
    public synchronized List<BindingProblem> set(List<?> rules, String by) throws InterruptedException {
        BindingTable table = parse(rules);
        if (!table.hasErrors()) {
            store.saveBindings(Optional.of(write(table)), by, clock.instant());
            current = new Current(routers.apply(table), Source.API);
        }
        return table.problems();
    }

    /** Goes back to the file's table. */
    public synchronized void reset(String by) throws InterruptedException {
        store.saveBindings(Optional.empty(), by, clock.instant());
        current = new Current(routers.apply(fromFile), Source.FILE);
    }

    private Current load() throws InterruptedException {
        Optional<String> saved = saved();
        if (saved.isEmpty()) {
            return new Current(routers.apply(fromFile), Source.FILE);
        }
        BindingTable table = parse(read(saved.get()));
        // A rule for an agent that is no longer configured is left out and said, not followed by a stop of all others.
        table.problems().stream()
                .filter(BindingProblem::isError)
                .forEach(problem -> log.error("A binding set through the API has no effect: {}", problem));
        return new Current(routers.apply(table), Source.API);
    }

    private Optional<String> saved() throws InterruptedException {
        try {
            return store.bindings();
        } catch (StoreException damaged) {
            if (damaged.kind() != StoreException.Kind.DAMAGED) {
                throw damaged;
            }
            log.error("The bindings set through the API are damaged; those of the file rule: {}", damaged.getMessage());
            return Optional.empty();
        }
    }

    private BindingTable parse(List<?> rules) {
        return BindingTable.parse(rules, agents, tenants, index -> "bindings[" + index + "]");
    }

    private static List<?> read(String json) {
        try {
            return JSON.readValue(json, new TypeReference<List<Object>>() {});
        } catch (JsonProcessingException damaged) {
            log.error("The bindings set through the API cannot be read; the default agent answers until they are set"
                    + " again");
            return List.of();
        }
    }

    private static String write(BindingTable table) {
        try {
            return JSON.writeValueAsString(
                    table.bindings().stream().map(Binding::tree).toList());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
