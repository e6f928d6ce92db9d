package dev.patchbay.hub.gateway.rpc;

import dev.patchbay.hub.metrics.Seldom;
import dev.patchbay.hub.store.StoreException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes errors of what was thrown: the caller learns a reference, the log the rest. Safe for many threads. */
public final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private final RandomGenerator random;
    private final Seldom storeTold = new Seldom();

    public Failures(RandomGenerator random) {
        this.random = random;
    }

    /** The error that a caller gets for what was thrown in a method. */
    public RpcException translate(String method, Throwable failure) {
        if (failure instanceof StoreException store) {
            switch (store.kind()) {
                case NO_ROOM, UNAVAILABLE -> {
                    storeTold.tell(
                            more -> log.warn("{} could not use the store{}: {}", method, more, store.getMessage()));
                    return RpcException.of(ErrorCode.NOT_STORED, "the store cannot take or give it now; try again")
                            .with("retry_after_ms", 5_000);
                }
                case BAD_CURSOR -> {
                    return RpcException.invalid("cursor", "was not given out by this hub");
                }
                case CONFLICT, REFUSED, DAMAGED -> {}
            }
        }
        String reference = reference();
        log.error("{} failed, reference {}", method, reference, failure);
        return RpcException.internal(reference);
    }

    /** A name under which the log has the details. */
    public String reference() {
        return HexFormat.of().toHexDigits(random.nextLong());
    }
}
