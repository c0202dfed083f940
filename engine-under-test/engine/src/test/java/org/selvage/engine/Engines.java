package org.selvage.engine;

import java.nio.file.Path;
import java.util.List;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.tablespace.DeleteProtocol;

/**
 * Engines for tests: small pages and pools, so that a few hundred rows make trees and evictions.
 */
public final class Engines {
    private Engines() {}

    /** 512-byte pages, 64 frames, no background threads, no redo log. */
    public static EngineConfig.Builder small() {
        return EngineConfig.builder()
                .pageSize(512)
                .poolPages(64)
                .readThreads(2)
                .writeThreads(1)
                .slotsPerThread(16)
                .ioCapacity(200)
                .backgroundThreads(false)
                .durability(Durability.NONE)
                .seed(42)
                .latchOrderCheck(true);
    }

    /** The same with a small redo log, and no fsyncs: it survives the process, not the machine. */
    public static EngineConfig.Builder logged() {
        return small().durability(Durability.FULL.withFsync(false).withLogFileBytes(264_192));
    }

    /** The delete protocols, for tests that hold for each of them. */
    public static List<String> protocols() {
        return DeleteProtocol.NAMES;
    }

    public static Engine open(Path dir, EngineConfig.Builder config) {
        return Engine.open(dir, config.build());
    }

    /** A table with an indexed long column k and a string column c. */
    public static void createKv(Engine engine, String name) {
        engine.createTable(name, List.of(Column.ofLong("k"), Column.ofString("c")), List.of("k"));
    }

    /**
     * A value of k that spreads the keys over the whole index, so that few neighbours share a leaf.
     */
    public static long spread(long key) {
        return key * 0x9E3779B97F4A7C15L;
    }
}
