package dev.patchbay.hub.command.wire;

import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import javax.net.ssl.SSLException;

/** No answer from the hub, or none that a hub would give. */
public final class HubNotReached extends Exception {
    private static final long serialVersionUID = 1L;

    HubNotReached(String message, Throwable cause) {
        super(message, cause);
    }

    HubNotReached(String message) {
        super(message);
    }

    static HubNotReached of(HubAddress address, IOException trouble) {
        String why =
                switch (trouble) {
                    case HttpTimeoutException slow -> "no answer in time";
                    case ConnectException refused -> "nobody listens there";
                    case UnknownHostException unknown -> "there is no such host";
                    case SSLException untrusted -> "its certificate is not trusted, or it does not speak TLS";
                    default -> "the connection broke";
                };
        return new HubNotReached("the hub at " + address + " is not reached: " + why, trouble);
    }

    /** Nobody listens at the address: there is no hub, rather than one that does not answer. */
    public boolean isNobodyThere() {
        return getCause() instanceof ConnectException;
    }

    /** For a command that ends with it. */
    public Failure asFailure() {
        return new Failure(
                ExitCode.NO_HUB,
                String.valueOf(getMessage()),
                "start it with `patchbay run`, or set PATCHBAY_URL to where it is",
                this);
    }
}
