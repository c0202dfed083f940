package org.selvage.enginebenchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.selvage.engine.Durability;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.status.EngineStatus;

/** The engine. */
final class SelvageStore implements Store {
    private static final String TABLE = "t";
    private static final List<String> INDEXED = List.of("k0", "k1", "k2");
    private static final int LOG_FILE_BYTES = 64 << 20;
    private static final int LOG_BUFFER_BYTES = 1 << 20;

    private final Engine engine;

    SelvageStore(
            Path folder, int pageSize, long cacheBytes, boolean powerSafe, boolean changeBuffer) {
        Durability durability =
                new Durability(true, LOG_FILE_BYTES, LOG_BUFFER_BYTES, 0, powerSafe, powerSafe);
        EngineConfig config =
                EngineConfig.builder()
                        .pageSize(pageSize)
                        .poolPages((int) Math.max(64, cacheBytes / pageSize))
                        // The pool's pages are replaced many times in a second.
                        .oldBlocksMillis(0)
                        .changeBufferMaxPercent(changeBuffer ? 25 : 0)
                        .durability(durability)
                        .build();
        engine = Engine.open(folder, config);
        if (engine.tableNames().isEmpty()) {
            engine.createTable(
                    TABLE,
                    List.of(
                            Column.ofLong("k0"),
                            Column.ofLong("k1"),
                            Column.ofLong("k2"),
                            Column.ofBytes("payload")),
                    INDEXED);
        }
    }

    @Override
    public void insert(long key, long[] indexed, byte[] payload) {
        engine.insert(TABLE, key, indexed[0], indexed[1], indexed[2], payload);
    }

    @Override
    public boolean read(long key) {
        return engine.get(TABLE, key) != null;
    }

    @Override
    public int readBy(int index, long value) {
        return engine.scan(TABLE, INDEXED.get(index), value).size();
    }

    @Override
    public long scan() {
        Table table = Objects.requireNonNull(engine.dictionary().find(TABLE));
        long[] rows = new long[1];
        table.clustered()
                .scan(
                        new byte[0],
                        (frame, position) -> {
                            rows[0] += IndexPage.value(frame, position).length > 0 ? 1 : 0;
                            return true;
                        });
        return rows[0];
    }

    @Override
    public String remarks() {
        EngineStatus status = engine.status();
        return "pages read "
                + status.bufferPool().pagesRead()
                + ", written "
                + status.bufferPool().pagesWritten()
                + ", changes buffered "
                + status.changeBuffer().bufferedInserts()
                + ", merged "
                + status.changeBuffer().mergedInserts()
                + " in "
                + status.changeBuffer().merges()
                + " pages, fsyncs "
                + status.io().sync().fsyncs()
                + " of tablespaces, "
                + status.log().syncs()
                + " of the log";
    }

    @Override
    public void close() {
        engine.close();
    }
}
