package org.selvage.engine.workload;

import java.nio.file.Path;

/** The process that the kill test kills: folder, journals, clients, seed, delete protocol. */
public final class CrashLoad {
    private CrashLoad() {}

    /** Runs until killed. */
    public static void main(String[] arguments) throws InterruptedException {
        new CrashWorkload(Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]))
                .run(
                        Path.of(arguments[0]),
                        Path.of(arguments[1]),
                        CrashWorkload.config(arguments[4]));
    }
}
