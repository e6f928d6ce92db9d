package dev.patchbay.hub.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Takes what happened. Safe for many threads, never blocks, never throws; labels come from bounded sets. */
public interface Meters {

    /** {@code patchbay_inbound_total}: accepted, duplicate, refused. */
    void inbound(String channel, String result);

    /** {@code patchbay_turn_seconds}: ok, silent, failed, timed_out, budget_spent. */
    void turn(String agent, String result, Duration took);

    /** {@code patchbay_outbound_total}: delivered, retry_later, paced, refused, unknown, expired, possibly_repeated. */
    void outbound(String channel, String outcome);

    /** {@code patchbay_paced_total}: a platform asked to slow down; scope is peer or account. */
    default void paced(String channel, String scope) {}

    /** {@code patchbay_delivery_seconds}: queued to delivered. */
    void delivered(String channel, Duration sinceQueued);

    /** {@code patchbay_rpc_seconds}; code 0 is success. */
    void rpc(String method, int code, Duration took);

    /** {@code patchbay_commit_seconds} and {@code patchbay_commit_batch}. */
    void commit(Duration took, int writes);

    /** {@code patchbay_agent_tokens_total}: tokens read (input) and written (output) in one question; below 1 counts nothing. */
    default void tokens(String agent, long input, long output) {}

    /** {@code patchbay_agent_cost_total}: what one turn has cost, more than 0. */
    default void cost(String agent, String currency, double cost) {}

    /** {@code patchbay_agent_worker_restarts_total}: crash, memory, silence, protocol, given_up. */
    default void workerLost(String agent, String reason) {}

    /** A value read whenever metrics are asked for. The same name and labels again replace the supplier. */
    void gauge(String name, Map<String, String> labels, DoubleSupplier value);

    /** Counts nothing; for tests of other things. */
    Meters NONE = new Meters() {
        @Override
        public void inbound(String channel, String result) {}

        @Override
        public void turn(String agent, String result, Duration took) {}

        @Override
        public void outbound(String channel, String outcome) {}

        @Override
        public void delivered(String channel, Duration sinceQueued) {}

        @Override
        public void rpc(String method, int code, Duration took) {}

        @Override
        public void commit(Duration took, int writes) {}

        @Override
        public void gauge(String name, Map<String, String> labels, DoubleSupplier value) {}
    };
}
