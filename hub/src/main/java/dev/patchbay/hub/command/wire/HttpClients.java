package dev.patchbay.hub.command.wire;

import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes the client for one hub: no proxy, no redirects, and the hub's own certificate if the configuration names it. */
final class HttpClients {
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private HttpClients() {}

    static HttpClient to(HubAddress address) {
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .connectTimeout(CONNECT_TIMEOUT);
        if (address.certificate().isPresent()) {
            builder.sslContext(trusting(own(address.certificate().get())));
        } else if (address.base().getScheme().equals("http")) {
            // Without one the client reads all the world's certificates first, which takes a third of a second.
            builder.sslContext(trusting());
        }
        return builder.build();
    }

    private static SSLContext trusting(TrustManager... trusted) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, trusted, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static TrustManager own(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new OneCertificate(
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .findFirst()
                            .orElseThrow(() -> new CertificateException("no certificate")));
        } catch (IOException | GeneralSecurityException unusable) {
            throw new Failure(
                    ExitCode.FAILED,
                    file + " holds no certificate that can be read",
                    "name the hub's PEM file in server.tls.cert",
                    unusable);
        }
    }

    /** Trusts the one certificate that the hub on this machine serves, whatever name it was made out to. */
    private static final class OneCertificate extends X509ExtendedTrustManager {
        private final X509Certificate own;

        private OneCertificate(X509Certificate own) {
            this.own = own;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (chain.length == 0 || !chain[0].equals(own)) {
                throw new CertificateException("not the hub's certificate");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("clients are not asked");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("clients are not asked");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("clients are not asked");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
