package org.selvage.scenarios;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.selvage.disk.DiskImage;
import org.selvage.disk.DiskListener;
import org.selvage.disk.SimulatedDisk;
import org.selvage.engine.Durability;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.transaction.Transaction;
import org.selvage.search.Scenario;

/**
 * Clients commit transactions for three seconds of virtual time; then the engine is opened on what
 * a crash at some of the moments before leaves. Parameters: flush-log is
 * innodb_flush_log_at_trx_commit, power is 0 for a killed process and 1 for loss of power, and what
 * was acknowledged more than loss-millis before the crash must be there. With rows of hundreds of
 * row-bytes pages are written meanwhile.
 */
public final class CommitVsCrash implements Scenario {
    private static final String TABLE = "t1";
    private static final int CLIENTS = 2;
    private static final int TRANSACTIONS = 15;
    private static final int PAUSE_MILLIS = 150;
    private static final int CLIENT_KEYS = 1000;

    @Override
    public String name() {
        return "commit-vs-crash";
    }

    @Override
    public String summary() {
        return "COMMIT against a crash";
    }

    @Override
    public List<Variant> profiles() {
        return Profiles.all();
    }

    @Override
    public Program prepare(Setup setup) {
        Parameters parameters =
                new Parameters(
                        setup.parameters(),
                        Set.of("flush-log", "power", "loss-millis", "row-bytes"));
        boolean power = parameters.number("power", 0, 0, 1) == 1;
        int lossMillis = parameters.number("loss-millis", 0, 0, 10_000);
        int rowBytes = parameters.number("row-bytes", 1, 1, 450);
        EngineConfig config =
                EngineConfig.builder()
                        .pageSize(1024)
                        .poolPages(rowBytes == 1 ? 256 : 32)
                        .readThreads(1)
                        .writeThreads(1)
                        .readAheadThreshold(0)
                        .durability(
                                Durability.FULL
                                        .withLogFileBytes(600_000)
                                        .withFlushLogAtCommit(
                                                parameters.number("flush-log", 1, 0, 2)))
                        .build();
        SimulatedDisk disk = new SimulatedDisk(DiskImage.empty(), DiskListener.NONE);
        try (Engine engine = Engine.open(folder(disk), quiet(config))) {
            new EngineStatements(engine, rowBytes).create(TABLE);
        }
        DiskImage image = disk.image();
        return () ->
                new Run(
                                config,
                                power,
                                TimeUnit.MILLISECONDS.toNanos(lossMillis),
                                "x".repeat(rowBytes))
                        .on(image);
    }

    private static Path folder(SimulatedDisk disk) {
        return disk.path(SearchedEngine.FOLDER);
    }

    private static EngineConfig quiet(EngineConfig config) {
        return config.toBuilder().backgroundThreads(false).build();
    }

    /** One execution. */
    private record Run(EngineConfig config, boolean power, long lossNanos, String filling) {
        void on(DiskImage image) throws InterruptedException {
            Moments recorder = new Moments(image, new DiskPoints());
            List<List<Long>> acknowledged = new ArrayList<>();
            List<Moments.Moment> moments;
            try (Engine engine = Engine.open(folder(recorder.disk()), config)) {
                recorder.begin();
                List<Thread> clients = new ArrayList<>();
                for (int client = 0; client < CLIENTS; client++) {
                    List<Long> times = new ArrayList<>();
                    acknowledged.add(times);
                    long first = (long) client * CLIENT_KEYS;
                    clients.add(new Thread(() -> commitAll(engine, first, times)));
                }
                clients.forEach(Thread::start);
                for (Thread client : clients) {
                    client.join();
                }
                moments = recorder.end();
            }
            // Which sectors are lost depends on the schedule alone.
            Random random = new Random(moments.size());
            for (Moments.Moment moment : crashes(moments, random)) {
                requireCommitted(
                        power
                                ? moment.afterPowerLoss(SearchedEngine.FOLDER, random)
                                : moment.afterKill(),
                        moment.nanos(),
                        acknowledged);
            }
        }

        /** The two at which most may be lost, and two others. */
        private static List<Moments.Moment> crashes(List<Moments.Moment> all, Random random) {
            return List.of(
                    Collections.max(all, Comparator.comparingLong(Moments.Moment::idleNanos)),
                    Collections.max(all, Comparator.comparingLong(Moments.Moment::unforcedNanos)),
                    all.get(random.nextInt(all.size())),
                    all.get(random.nextInt(all.size())));
        }

        private void commitAll(Engine engine, long first, List<Long> times) {
            for (int i = 0; i < TRANSACTIONS; i++) {
                try (Transaction trx = engine.begin()) {
                    engine.insert(trx, TABLE, first + 2L * i, (long) i, filling);
                    engine.insert(trx, TABLE, first + 2L * i + 1, (long) -i, filling);
                    trx.commit();
                }
                times.add(System.nanoTime());
                try {
                    Thread.sleep(PAUSE_MILLIS);
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody interrupts this client", e);
                }
            }
        }

        private void requireCommitted(
                DiskImage left, long crashNanos, List<List<Long>> acknowledged) {
            SimulatedDisk disk = new SimulatedDisk(left, DiskListener.NONE);
            try (Engine engine = Engine.open(folder(disk), quiet(config))) {
                engine.validate();
                for (int client = 0; client < CLIENTS; client++) {
                    long first = (long) client * CLIENT_KEYS;
                    int found = 0;
                    while (found < 2 * TRANSACTIONS && engine.get(TABLE, first + found) != null) {
                        found++;
                    }
                    int rows =
                            engine.range(TABLE, first, first + CLIENT_KEYS - 1, false, CLIENT_KEYS)
                                    .size();
                    long owed =
                            acknowledged.get(client).stream()
                                    .filter(time -> crashNanos - time > lossNanos)
                                    .count();
                    if (rows != found || found % 2 != 0 || found / 2 < owed) {
                        throw new AssertionError(
                                "client="
                                        + client
                                        + " rows="
                                        + rows
                                        + " rows_without_gap="
                                        + found
                                        + " transactions_owed="
                                        + owed);
                    }
                }
            }
        }
    }
}
