package dev.patchbay.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the system tells of a process. */
final class Machine {
    private Machine() {}

    /** Resident kilobytes; 0 where the system does not tell. */
    static long residentKilobytes(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }
}
