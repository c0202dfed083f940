package org.selvage.scenarios;

import org.selvage.engine.Durability;
import org.selvage.engine.EngineConfig;
import org.selvage.search.Scenario;

/**
 * The engine as scenarios search it: small, on a simulated disk, without log, purge and read-ahead.
 */
final class SearchedEngine {
    /** Its data folder on the simulated disk. */
    static final String FOLDER = "/data";

    private static final int MASTER_INTERVAL_MILLIS = 1000;

    private SearchedEngine() {}

    /**
     * Its settings; page-size, pool-pages, io-capacity (pages), master-interval (milliseconds) and
     * latch-check are parameters. With latch-check 1 the order of latches is checked, which adds
     * steps to the schedule.
     */
    static EngineConfig config(Parameters parameters, Scenario.Setup setup) {
        return config(parameters, setup, 16);
    }

    static EngineConfig config(Parameters parameters, Scenario.Setup setup, int defaultPoolPages) {
        EngineConfig.Builder builder =
                EngineConfig.builder()
                        .pageSize(parameters.number("page-size", 512, 512, 65536))
                        .poolPages(parameters.number("pool-pages", defaultPoolPages, 16, 65536))
                        .readThreads(1)
                        .writeThreads(1)
                        .slotsPerThread(8)
                        .ioCapacity(parameters.number("io-capacity", 20, 1, 1000))
                        .changeBufferMaxPercent(50)
                        .masterIntervalMillis(
                                parameters.number(
                                        "master-interval", MASTER_INTERVAL_MILLIS, 1, 100_000))
                        .durability(Durability.NONE)
                        .purge(false)
                        .readAheadThreshold(0)
                        .latchOrderCheck(parameters.number("latch-check", 0, 0, 1) == 1)
                        .seed(setup.seed());
        return Profiles.apply(builder, setup.profile()).build();
    }

    /** Lets a client begin as the master thread begins its round. */
    static void awaitMasterRound() {
        awaitMasterRound(MASTER_INTERVAL_MILLIS);
    }

    /**
     * Lets a client begin as the master thread of an engine with these settings begins its round.
     */
    static void awaitMasterRound(EngineConfig config) {
        awaitMasterRound(config.masterIntervalMillis());
    }

    private static void awaitMasterRound(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this client", e);
        }
    }
}
