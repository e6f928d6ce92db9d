package dev.patchbay.plugin.webhook;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.NoHttpResponseException;

/** What kept a callback from being answered, as an operator reads it: host and port, never path, query or headers. */
final class CallbackTrouble {
    private CallbackTrouble() {}

    static String of(Exception trouble, HttpHost host) {
        return kind(trouble) + " (" + place(host) + ")";
    }

    private static String kind(Exception trouble) {
        String message = String.valueOf(trouble.getMessage()).toLowerCase(Locale.ROOT);
        return switch (trouble) {
            case UnknownHostException unknown -> "host unknown";
            case ConnectionRequestTimeoutException busy -> "all connections are busy";
            case SocketTimeoutException late -> "timed out";
            case NoRouteToHostException unreachable -> "no route to host";
            case ConnectException refused ->
                message.contains("refused")
                        ? "connection refused"
                        : message.contains("timed out") ? "timed out" : "connection failed";
            case SSLException untrusted -> "no trusted TLS connection";
            case NoHttpResponseException closed -> "connection closed";
            case ConnectionClosedException closed -> "connection closed";
            case SocketException broken -> message.contains("reset") ? "connection reset" : "connection broken";
            case IllegalStateException closed -> "the channel is closing";
            default -> "no usable HTTP answer";
        };
    }

    private static String place(HttpHost host) {
        boolean isTls = host.getSchemeName().equals("https");
        int port = host.getPort() > 0 ? host.getPort() : isTls ? 443 : 80;
        String name = host.getHostName();
        return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + port;
    }
}
