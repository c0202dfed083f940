package org.selvage.engine.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process that the kill test kills: folder, journals, clients, seed, delete protocol. Two files
 * beside the journals say how far it has come.
 */
public final class CrashLoad {
    private CrashLoad() {}

    /** File that is there once the process is about to open the engine. */
    public static Path openingOf(Path journals) {
        return journals.resolveSibling("opening");
    }

    /** File that is there once the engine is open. */
    public static Path openOf(Path journals) {
        return journals.resolveSibling("open");
    }

    /** Runs until killed. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        Path journals = Path.of(arguments[1]);
        CrashWorkload load =
                new CrashWorkload(Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
        Files.write(openingOf(journals), new byte[0]);
        load.run(
                Path.of(arguments[0]),
                journals,
                CrashWorkload.config(arguments[4]),
                () -> Files.write(openOf(journals), new byte[0]));
    }
}
