package dev.patchbay.hub.gateway;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hub behind its doors, on a real store. */
@Timeout(60)
abstract class MethodsFixture {
    static final String KEY = "agent:main:web:direct:anna";

    @TempDir
    Path folder;

    HubBehindDoors hub;

    @BeforeEach
    void start() throws Exception {
        hub = new HubBehindDoors(folder);
    }

    @AfterEach
    void stop() {
        hub.close();
    }
}
