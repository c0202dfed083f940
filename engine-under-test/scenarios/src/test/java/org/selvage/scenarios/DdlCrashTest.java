package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.selvage.disk.DiskImage;
import org.selvage.disk.DiskListener;
import org.selvage.disk.DiskOperation;
import org.selvage.disk.SimulatedDisk;
import org.selvage.engine.Durability;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;

/**
 * A data definition statement that is killed before any one of its operations on the disk, or in
 * the middle of a write of the log, has happened or has not happened when the engine opens the
 * folder again, and dictionary and files agree.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DdlCrashTest {
    private static final long ROWS = 12;

    /** Bytes by which the torn writes differ. */
    private static final int TORN_STEP = 20;

    /** A statement, what was there before it, and what is there after it. */
    enum Ddl {
        CREATE("", "t1 of 0 rows") {
            @Override
            void on(Engine engine, Path exports) {
                new EngineStatements(engine).create("t1");
            }
        },
        DROP("t1 of 12 rows", "") {
            @Override
            void on(Engine engine, Path exports) {
                engine.dropTable("t1");
            }
        },
        RENAME("t1 of 12 rows", "t2 of 12 rows") {
            @Override
            void on(Engine engine, Path exports) {
                engine.renameTable("t1", "t2");
            }
        },
        TRUNCATE("t1 of 12 rows", "t1 of 0 rows") {
            @Override
            void on(Engine engine, Path exports) {
                engine.truncateTable("t1");
            }
        },
        DISCARD("t1 of 12 rows", "t1 discarded") {
            @Override
            void on(Engine engine, Path exports) {
                engine.discardTablespace("t1");
            }
        },
        IMPORT("t1 discarded", "t1 of 12 rows") {
            @Override
            void on(Engine engine, Path exports) {
                engine.importTablespace("t1", exports.resolve("t1.ibd"));
            }
        };

        final String before;
        final String after;

        Ddl(String before, String after) {
            this.before = before;
            this.after = after;
        }

        abstract void on(Engine engine, Path exports);
    }

    static EngineConfig config() {
        return EngineConfig.builder()
                .pageSize(512)
                .poolPages(64)
                .readThreads(1)
                .writeThreads(1)
                .backgroundThreads(false)
                .durability(Durability.FULL.withLogFileBytes(300_000))
                .build();
    }

    private static Engine open(SimulatedDisk disk) {
        return Engine.open(disk.path("/data"), config());
    }

    /** The disk before an operation. */
    private record Moment(
            DiskOperation operation, String path, long offset, int length, DiskImage image) {}

    @ParameterizedTest
    @EnumSource(Ddl.class)
    void happensOrDoesNot(Ddl ddl) throws Exception {
        List<Moment> moments = moments(ddl);
        Set<String> seen = new TreeSet<>();
        int torn = 0;
        for (int i = 0; i < moments.size(); i++) {
            Moment moment = moments.get(i);
            seen.add(recovered(moment.image()));
            if (moment.operation() == DiskOperation.WRITE && moment.path().contains("ib_logfile")) {
                for (int part = TORN_STEP; part < moment.length(); part += TORN_STEP) {
                    seen.add(recovered(torn(moment, moments.get(i + 1).image(), part)));
                    torn++;
                }
            }
        }
        assertThat(moments).hasSizeGreaterThan(5);
        assertThat(torn).isGreaterThan(5);
        assertThat(seen).containsExactlyInAnyOrder(ddl.before, ddl.after);
    }

    /** Only the first bytes of a write have arrived. */
    private static DiskImage torn(Moment moment, DiskImage after, int bytes) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(moment.image(), DiskListener.NONE, true);
        SimulatedDisk whole = new SimulatedDisk(after, DiskListener.NONE, true);
        ByteBuffer part = ByteBuffer.allocate(bytes);
        try (FileChannel from = FileChannel.open(whole.path(moment.path()));
                FileChannel to =
                        FileChannel.open(disk.path(moment.path()), StandardOpenOption.WRITE)) {
            from.read(part, moment.offset());
            to.write(part.flip(), moment.offset());
        }
        return disk.image();
    }

    /** The disk before each of the statement's operations that change it, and after the last. */
    private static List<Moment> moments(Ddl ddl) {
        AtomicBoolean recording = new AtomicBoolean();
        AtomicReference<SimulatedDisk> current = new AtomicReference<>();
        List<Moment> moments = new ArrayList<>();
        DiskListener listener =
                (operation, path, offset, length) -> {
                    if (recording.get()
                            && operation != DiskOperation.READ
                            && operation != DiskOperation.ATTRIBUTES) {
                        synchronized (moments) {
                            DiskImage image = current.get().image();
                            moments.add(new Moment(operation, path, offset, length, image));
                        }
                    }
                };
        SimulatedDisk disk = new SimulatedDisk(prepared(ddl), listener, true);
        current.set(disk);
        try (Engine engine = open(disk)) {
            recording.set(true);
            ddl.on(engine, disk.path("/exports"));
            recording.set(false);
            moments.add(new Moment(DiskOperation.FORCE, "", 0, 0, disk.image()));
        }
        return moments;
    }

    static DiskImage prepared(Ddl ddl) {
        SimulatedDisk disk = new SimulatedDisk(DiskImage.empty(), DiskListener.NONE, true);
        try (Engine engine = open(disk)) {
            if (ddl != Ddl.CREATE) {
                EngineStatements statements = new EngineStatements(engine);
                statements.create("t1");
                for (long key = 0; key < ROWS; key++) {
                    statements.insert("t1", key, key);
                }
            }
            if (ddl == Ddl.IMPORT) {
                engine.exportTable("t1", disk.path("/exports"));
                engine.discardTablespace("t1");
            }
        }
        return disk.image();
    }

    /** The tables that an engine finds, which are those of the files. */
    static String recovered(DiskImage image) {
        SimulatedDisk disk = new SimulatedDisk(image, DiskListener.NONE, true);
        String tables;
        try (Engine engine = open(disk)) {
            engine.validate();
            tables = tables(engine);
            Set<String> withFile =
                    engine.tableNames().stream()
                            .filter(name -> !engine.isDiscarded(name))
                            .map(name -> name + ".ibd")
                            .collect(Collectors.toSet());
            assertThat(files(disk)).isEqualTo(withFile);
            new EngineStatements(engine).create("t9");
        }
        return tables;
    }

    /** The tables of an engine and their rows. */
    static String tables(Engine engine) {
        return engine.tableNames().stream()
                .map(name -> describe(engine, name))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String describe(Engine engine, String name) {
        if (engine.isDiscarded(name)) {
            return name + " discarded";
        }
        EngineStatements statements = new EngineStatements(engine);
        long rows = 0;
        for (long key = 0; key < ROWS; key++) {
            Long value = statements.read(name, key);
            assertThat(value).isIn(null, key);
            rows += value == null ? 0 : 1;
        }
        return name + " of " + rows + " rows";
    }

    private static Set<String> files(SimulatedDisk disk) {
        try (Stream<Path> files = Files.list(disk.path("/data"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".ibd"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
