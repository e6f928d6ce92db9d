package dev.patchbay.hub.failpoint;

import java.nio.file.Path;
import java.util.ArrayList;

/** A process of its own that runs a hub on an errand until it is done or halts; says what is wrong with the end of it. */
final class TrialChild {
    private static final int WRONG = 3;

    private TrialChild() {}

    /** Arguments: folder, what is armed (or nothing), errand, number of messages. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        Errand errand = Errand.valueOf(arguments[2]);
        int messages = Integer.parseInt(arguments[3]);
        FailPoints armed =
                ArmedFailPoints.parse(arguments[1], () -> Runtime.getRuntime().halt(ArmedFailPoints.HALTED));
        int code = 0;
        try (var ledger = new Ledger(folder)) {
            try (var hub = new TrialHub(ledger, armed, 1)) {
                var walk = new Walk(hub, ledger);
                walk.run(errand, messages);
                var wrong = new ArrayList<>(walk.settle());
                walk.miscounted(false).ifPresent(wrong::add);
                if (!wrong.isEmpty()) {
                    System.out.println(wrong);
                    code = WRONG;
                }
            }
        } catch (Throwable failure) {
            failure.printStackTrace(System.out);
            code = WRONG;
        }
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }
}
