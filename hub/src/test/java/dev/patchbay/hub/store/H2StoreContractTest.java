package dev.patchbay.hub.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2StoreContractTest extends StoreContract {
    private final Path folder;

    H2StoreContractTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Override
    protected Store open() {
        return TestStores.temporary(folder);
    }
}
