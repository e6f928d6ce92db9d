package dev.patchbay.hub.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.attachment.AddressGuard.Forbidden;
import dev.patchbay.hub.attachment.AddressGuard.Names;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AddressGuardTest {
    private static final InetAddress PUBLIC = InetAddress.ofLiteral("203.0.113.7");
    private static final InetAddress PRIVATE = InetAddress.ofLiteral("10.0.0.7");

    @Test
    void oneLookupServesBothTheLookAndTheConnection() throws Exception {
        // Given: a name that is public when looked at, and private the next time
        var lookups = new AtomicInteger();
        AddressGuard guard = guard(name -> new InetAddress[] {lookups.getAndIncrement() == 0 ? PUBLIC : PRIVATE});

        // When
        InetAddress[] connectTo = guard.resolve("rebind.example");

        // Then
        assertThat(connectTo).containsExactly(PUBLIC);
        assertThat(lookups).hasValue(1);
        assertThatThrownBy(() -> guard.resolve("rebind.example")).isInstanceOf(Forbidden.class);
    }

    @Test
    void oneForbiddenAddressAmongSeveralForbidsAll() {
        AddressGuard guard = guard(name -> new InetAddress[] {PUBLIC, PRIVATE});

        assertThatThrownBy(() -> guard.resolve("mixed.example"))
                .isInstanceOf(Forbidden.class)
                .hasMessage("10.0.0.7");
    }

    @Test
    void aNameServerThatIsSilentIsGivenUp() {
        // Given
        var silence = new CountDownLatch(1);
        AddressGuard guard = guard(Duration.ofMillis(200), name -> {
            try {
                silence.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[0];
        });

        // Then
        assertThatThrownBy(() -> guard.resolve("silent.example"))
                .isInstanceOf(UnknownHostException.class)
                .isNotInstanceOf(Forbidden.class);
        guard.close();
    }

    private static AddressGuard guard(Names names) {
        return guard(Duration.ofSeconds(30), names);
    }

    private static AddressGuard guard(Duration patience, Names names) {
        return new AddressGuard(new Networks(List.of()), names, patience);
    }
}
