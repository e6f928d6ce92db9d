package dev.patchbay.hub.store;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a restore has brought and what it could not bring.
 *
 * @param identity of the store that is there now
 * @param setAside the folder with what was there before
 * @param taken rows that were taken over from the damaged store because the backup did not have them, by table
 * @param damaged records of the damaged store whose checksum did not fit
 * @param gaps places at which the damaged store could not be read
 * @param isComplete true if the damaged store could be read to its end, as the high-water mark knew it: nothing is lost
 * @param lastCommitAt when the damaged store was last written
 */
public record RestoreResult(
        StoreIdentity identity,
        Path setAside,
        Map<String, Long> taken,
        long damaged,
        long gaps,
        boolean isComplete,
        Optional<Instant> lastCommitAt) {
    public RestoreResult {
        taken = Collections.unmodifiableMap(new LinkedHashMap<>(taken));
    }
}
