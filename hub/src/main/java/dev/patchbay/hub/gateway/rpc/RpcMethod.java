package dev.patchbay.hub.gateway.rpc;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A method by its name: what it needs, what it takes, what it does.
 *
 * @param summary one sentence for the interface description
 * @param parameters in the order of by-position calls
 * @param variable true if parameters are taken as they come, under the name {@link #PARAMS}, whatever is declared
 * @param reach what of the hub it shows or changes
 * @param returns what the result holds, for the interface description
 */
public record RpcMethod(
        String name,
        Access access,
        String summary,
        List<RpcParameter> parameters,
        boolean variable,
        Reach reach,
        String returns,
        Work work) {

    /** What of a hub with several tenants a method shows or changes. */
    public enum Reach {
        /** The whole hub, or nobody has thought about it: refused to those who see a part only. */
        HUB,
        /** What the caller sees: it asks {@link Caller#sees} about everything that it names, finds or lists. */
        SEEN,
        /** Nothing that belongs to anybody. */
        NOTHING
    }

    /** Where a method with variable parameters finds them. */
    public static final String PARAMS = "params";

    /** How a method is carried out. */
    public sealed interface Work {}

    /** In one go. */
    record Plain(Handler handler) implements Work {}

    /** In two steps, the first of them in the order in which a client's calls came. */
    record Ordered(Function<RpcCall, Object> lane, Beginning beginning) implements Work {}

    /** Carries out a call. Runs on a virtual thread of its own; may block, and must give up when interrupted. */
    @FunctionalInterface
    public interface Handler {
        RpcResult handle(RpcCall call) throws RpcException, InterruptedException;
    }

    /** The first step: until the call has its place. As {@link Handler}, but calls of one lane wait for it. */
    @FunctionalInterface
    public interface Beginning {
        Rest begin(RpcCall call) throws RpcException, InterruptedException;
    }

    /** The second step: waits for the end. */
    @FunctionalInterface
    public interface Rest {
        RpcResult await() throws RpcException, InterruptedException;
    }

    public RpcMethod {
        parameters = List.copyOf(parameters);
    }

    /** Starts a description; a method without parameters and result until told otherwise. */
    public static Builder named(String name, Access access, String summary) {
        return new Builder(name, access, summary);
    }

    /** Collects what a method is. For one thread. */
    public static final class Builder {
        private final String name;
        private final Access access;
        private final String summary;
        private List<RpcParameter> parameters = List.of();
        private boolean variable;
        private Reach reach = Reach.HUB;
        private String returns = "nothing";

        private Builder(String name, Access access, String summary) {
            this.name = name;
            this.access = access;
            this.summary = summary;
        }

        public Builder takes(RpcParameter... declared) {
            parameters = List.of(declared);
            return this;
        }

        /** Any number of parameters, unchecked. */
        public Builder takesAnything() {
            variable = true;
            return this;
        }

        /** It shows and changes nothing but what its caller sees. */
        public Builder seen() {
            reach = Reach.SEEN;
            return this;
        }

        /** It shows and changes nothing that belongs to anybody. */
        public Builder harmless() {
            reach = Reach.NOTHING;
            return this;
        }

        public Builder returns(String described) {
            returns = described;
            return this;
        }

        public RpcMethod by(Handler handler) {
            return new RpcMethod(name, access, summary, parameters, variable, reach, returns, new Plain(handler));
        }

        /** Calls with equal lanes begin one after the other; those of one client only. */
        public RpcMethod inOrder(Function<RpcCall, Object> lane, Beginning beginning) {
            return new RpcMethod(
                    name, access, summary, parameters, variable, reach, returns, new Ordered(lane, beginning));
        }
    }

    /** The parameter of that name, if it is declared. */
    @Nullable
    RpcParameter parameter(String wanted) {
        for (RpcParameter each : parameters) {
            if (each.name().equals(wanted)) {
                return each;
            }
        }
        return null;
    }
}
