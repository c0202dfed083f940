package org.selvage.enginebenchmarks;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;

/** H2's MVStore: a map of rows and one map for each index, whose keys are value and primary key. */
final class MvStore implements Store {
    private static final int AUTO_COMMIT_MILLIS = 1000;
    private static final long SYNC_NANOS = 1_000_000_000L;
    private static final int INDEXES = 3;

    private final MVStore store;
    private final MVMap<Long, byte[]> rows;
    private final MVMap<Entry, Long>[] indexes;
    private final boolean powerSafe;
    private long synced = System.nanoTime();

    /** Key of an index map. */
    private record Entry(long value, long key) {}

    private static final class EntryType extends BasicDataType<Entry> {
        private static final int MEMORY = 32;

        @Override
        public int getMemory(Entry entry) {
            return MEMORY;
        }

        @Override
        public boolean isMemoryEstimationAllowed() {
            return true;
        }

        @Override
        public void write(WriteBuffer buffer, Entry entry) {
            buffer.putLong(entry.value()).putLong(entry.key());
        }

        @Override
        public Entry read(ByteBuffer buffer) {
            return new Entry(buffer.getLong(), buffer.getLong());
        }

        @Override
        public Entry[] createStorage(int size) {
            return new Entry[size];
        }

        @Override
        public int compare(Entry a, Entry b) {
            int order = Long.compare(a.value(), b.value());
            return order != 0 ? order : Long.compare(a.key(), b.key());
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of maps
    MvStore(Path folder, long cacheBytes, boolean powerSafe) {
        this.powerSafe = powerSafe;
        MVStore.Builder builder =
                new MVStore.Builder()
                        .fileName(folder.resolve("rows.mv").toString())
                        .cacheSize((int) Math.max(1, cacheBytes >> 20));
        store = (powerSafe ? builder.autoCommitDisabled() : builder).open();
        if (!powerSafe) {
            store.setAutoCommitDelay(AUTO_COMMIT_MILLIS);
        }
        rows =
                store.openMap(
                        "rows",
                        new MVMap.Builder<Long, byte[]>()
                                .keyType(LongDataType.INSTANCE)
                                .valueType(ByteArrayDataType.INSTANCE));
        indexes = new MVMap[INDEXES];
        for (int i = 0; i < INDEXES; i++) {
            indexes[i] =
                    store.openMap(
                            "k" + i,
                            new MVMap.Builder<Entry, Long>()
                                    .keyType(new EntryType())
                                    .valueType(LongDataType.INSTANCE));
        }
    }

    @Override
    public void insert(long key, long[] indexed, byte[] payload) {
        ByteBuffer row = ByteBuffer.allocate(INDEXES * Long.BYTES + payload.length);
        for (long value : indexed) {
            row.putLong(value);
        }
        if (rows.putIfAbsent(key, row.put(payload).array()) != null) {
            throw new IllegalStateException("duplicate key " + key);
        }
        for (int i = 0; i < INDEXES; i++) {
            indexes[i].put(new Entry(indexed[i], key), 0L);
        }
        if (powerSafe && System.nanoTime() - synced > SYNC_NANOS) {
            sync();
        }
    }

    private void sync() {
        store.sync();
        synced = System.nanoTime();
    }

    @Override
    public boolean read(long key) {
        return rows.get(key) != null;
    }

    @Override
    public int readBy(int index, long value) {
        int found = 0;
        Cursor<Entry, Long> entries =
                indexes[index].cursor(
                        new Entry(value, Long.MIN_VALUE), new Entry(value, Long.MAX_VALUE), false);
        while (entries.hasNext()) {
            found += rows.get(entries.next().key()) == null ? 0 : 1;
        }
        return found;
    }

    @Override
    public long scan() {
        long found = 0;
        Cursor<Long, byte[]> cursor = rows.cursor(null);
        while (cursor.hasNext()) {
            cursor.next();
            found += cursor.getValue().length > 0 ? 1 : 0;
        }
        return found;
    }

    @Override
    public String remarks() {
        return "reads of the file "
                + store.getFileStore().getReadCount()
                + ", cache "
                + store.getCacheSizeUsed()
                + " of "
                + store.getCacheSize()
                + " MiB";
    }

    @Override
    public void close() {
        if (powerSafe) {
            sync();
        }
        store.close();
    }
}
