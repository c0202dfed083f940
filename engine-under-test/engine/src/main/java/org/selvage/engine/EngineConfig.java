package org.selvage.engine;

/**
 * The options an engine is opened with.
 *
 * @param pageSize bytes in a page: a power of two, 512 to 65536 (innodb_page_size)
 * @param poolPages frames in the buffer pool, at least 16 (innodb_buffer_pool_size / page size)
 * @param readThreads I/O handler threads for reads, 1 to 64 (innodb_read_io_threads)
 * @param writeThreads I/O handler threads for writes, 1 to 64 (innodb_write_io_threads)
 * @param slotsPerThread asynchronous requests that may be pending for each handler thread, 1 to
 *     4096
 * @param ioCapacity I/O operations per second allowed to the background threads, at least 1
 *     (innodb_io_capacity)
 * @param changeBufferMaxPercent the change buffer's share of the pool, 0 to 50
 *     (innodb_change_buffer_max_size)
 * @param deleteProtocol name of the tablespace delete protocol: mysql-5.7.22, mariadb-10.2.9,
 *     mariadb-10.6.16 or mysql-8.0.23
 * @param skipFailedSpace whether a merge batch remembers a space whose read was refused and deletes
 *     the records of its other pages at once
 * @param backgroundThreads whether the master thread and the page cleaner run
 * @param masterIntervalMillis milliseconds between two rounds of the master thread, at least 1
 * @param dropSearchSize pages a sweep of the flush list visits before it yields, at least 1
 *     (BUF_LRU_DROP_SEARCH_SIZE)
 * @param seed seed of the engine's own random draws
 * @param durability what survives a crash
 * @param purge whether the purge thread runs; without it a statement that finds no free undo log
 *     purges
 * @param maxOpenFiles files of tables that are open at a time, at least 10 (innodb_open_files)
 * @param readAheadThreshold pages of 64 accessed in order that make the next ones be read ahead, 0
 *     to 64; 0 turns it off (innodb_read_ahead_threshold)
 * @param latchOrderCheck whether every thread's latches are checked against the order of
 *     LATCHES.md; for tests (innodb_sync_debug)
 * @param poolInstances parts of the buffer pool with mutexes and lists of their own, 1 to 64 and at
 *     least 16 frames each; by default 8 from 1 GiB on, else 1 (innodb_buffer_pool_instances)
 * @param randomReadAhead whether an area of which many pages were used lately is read whole
 *     (innodb_random_read_ahead)
 * @param oldBlocksPercent share of the LRU list that is old, 5 to 95; a page that is read enters at
 *     its head (innodb_old_blocks_pct)
 * @param oldBlocksMillis time from the first use of an old page after which a use makes it young,
 *     at least 0; with 0 it depends on the evictions since (innodb_old_blocks_time)
 */
public record EngineConfig(
        int pageSize,
        int poolPages,
        int readThreads,
        int writeThreads,
        int slotsPerThread,
        int ioCapacity,
        int changeBufferMaxPercent,
        String deleteProtocol,
        boolean skipFailedSpace,
        boolean backgroundThreads,
        int masterIntervalMillis,
        int dropSearchSize,
        long seed,
        Durability durability,
        boolean purge,
        int maxOpenFiles,
        int readAheadThreshold,
        boolean latchOrderCheck,
        int poolInstances,
        boolean randomReadAhead,
        int oldBlocksPercent,
        int oldBlocksMillis) {

    /** Protocol name of MySQL 5.7.22. */
    public static final String MYSQL_5_7_22 = "mysql-5.7.22";

    /** Protocol name of MariaDB 10.2.9. */
    public static final String MARIADB_10_2_9 = "mariadb-10.2.9";

    /** Protocol name of MariaDB 10.6.16. */
    public static final String MARIADB_10_6_16 = "mariadb-10.6.16";

    /** Protocol name of MySQL 8.0.23. */
    public static final String MYSQL_8_0_23 = "mysql-8.0.23";

    /**
     * Protocol name where none is asked for: no search has found anything in it, and it sweeps the
     * buffer pool, so that a dropped tablespace leaves no pages behind.
     */
    public static final String DEFAULT_PROTOCOL = MARIADB_10_2_9;

    private static final long SEVERAL_INSTANCES_BYTES = 1L << 30;
    private static final int SEVERAL_INSTANCES = 8;

    public EngineConfig {
        if (pageSize < 512 || pageSize > 65536 || Integer.bitCount(pageSize) != 1) {
            throw new InvalidConfigException("pageSize", pageSize, "a power of two, 512 to 65536");
        }
        requireRange("poolPages", poolPages, 16, Integer.MAX_VALUE);
        requireRange("readThreads", readThreads, 1, 64);
        requireRange("writeThreads", writeThreads, 1, 64);
        requireRange("slotsPerThread", slotsPerThread, 1, 4096);
        requireRange("ioCapacity", ioCapacity, 1, Integer.MAX_VALUE);
        requireRange("changeBufferMaxPercent", changeBufferMaxPercent, 0, 50);
        requireRange("masterIntervalMillis", masterIntervalMillis, 1, Integer.MAX_VALUE);
        requireRange("dropSearchSize", dropSearchSize, 1, Integer.MAX_VALUE);
        requireRange("readAheadThreshold", readAheadThreshold, 0, 64);
        requireRange("poolInstances", poolInstances, 1, Math.min(64, poolPages / 16));
        requireRange("oldBlocksPercent", oldBlocksPercent, 5, 95);
        requireRange("oldBlocksMillis", oldBlocksMillis, 0, Integer.MAX_VALUE);
        requireRange("maxOpenFiles", maxOpenFiles, 10, Integer.MAX_VALUE);
    }

    /** Bytes of each log file of a new folder. */
    public long logFileBytes() {
        long bytes = durability.logFileBytes();
        return bytes == 0 ? 3072L * pageSize : bytes;
    }

    /** As innodb_buffer_pool_instances by default. */
    private static int instancesFor(int pageSize, int poolPages) {
        return (long) pageSize * poolPages < SEVERAL_INSTANCES_BYTES ? 1 : SEVERAL_INSTANCES;
    }

    private static void requireRange(String option, int value, int low, int high) {
        if (value < low || value > high) {
            throw new InvalidConfigException(option, value, low + " to " + high);
        }
    }

    /** The default options. */
    public static EngineConfig defaults() {
        return builder().build();
    }

    /** A builder that starts from the default options. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        return new Builder()
                .pageSize(pageSize)
                .poolPages(poolPages)
                .readThreads(readThreads)
                .writeThreads(writeThreads)
                .slotsPerThread(slotsPerThread)
                .ioCapacity(ioCapacity)
                .changeBufferMaxPercent(changeBufferMaxPercent)
                .deleteProtocol(deleteProtocol)
                .skipFailedSpace(skipFailedSpace)
                .backgroundThreads(backgroundThreads)
                .masterIntervalMillis(masterIntervalMillis)
                .dropSearchSize(dropSearchSize)
                .seed(seed)
                .durability(durability)
                .purge(purge)
                .maxOpenFiles(maxOpenFiles)
                .readAheadThreshold(readAheadThreshold)
                .latchOrderCheck(latchOrderCheck)
                .poolInstances(poolInstances)
                .randomReadAhead(randomReadAhead)
                .oldBlocksPercent(oldBlocksPercent)
                .oldBlocksMillis(oldBlocksMillis);
    }

    /** Collects options; every one has a default. */
    public static final class Builder {
        private int pageSize = 16384;
        private int poolPages = 512;
        private int readThreads = 4;
        private int writeThreads = 4;
        private int slotsPerThread = 256;
        private int ioCapacity = 200;
        private int changeBufferMaxPercent = 25;
        private String deleteProtocol = DEFAULT_PROTOCOL;
        private boolean skipFailedSpace;
        private boolean backgroundThreads = true;
        private int masterIntervalMillis = 1000;
        private int dropSearchSize = 1024;
        private long seed = 1;
        private Durability durability = Durability.FULL;
        private boolean purge = true;
        private int maxOpenFiles = 2000;
        private int readAheadThreshold = 56;
        private boolean latchOrderCheck;
        private int poolInstances;
        private boolean randomReadAhead;
        private int oldBlocksPercent = 37;
        private int oldBlocksMillis = 1000;

        private Builder() {}

        public Builder pageSize(int value) {
            pageSize = value;
            return this;
        }

        public Builder poolPages(int value) {
            poolPages = value;
            return this;
        }

        public Builder readThreads(int value) {
            readThreads = value;
            return this;
        }

        public Builder writeThreads(int value) {
            writeThreads = value;
            return this;
        }

        public Builder slotsPerThread(int value) {
            slotsPerThread = value;
            return this;
        }

        public Builder ioCapacity(int value) {
            ioCapacity = value;
            return this;
        }

        public Builder changeBufferMaxPercent(int value) {
            changeBufferMaxPercent = value;
            return this;
        }

        public Builder deleteProtocol(String value) {
            deleteProtocol = value;
            return this;
        }

        public Builder skipFailedSpace(boolean value) {
            skipFailedSpace = value;
            return this;
        }

        public Builder backgroundThreads(boolean value) {
            backgroundThreads = value;
            return this;
        }

        public Builder masterIntervalMillis(int value) {
            masterIntervalMillis = value;
            return this;
        }

        public Builder dropSearchSize(int value) {
            dropSearchSize = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder durability(Durability value) {
            durability = value;
            return this;
        }

        public Builder purge(boolean value) {
            purge = value;
            return this;
        }

        public Builder maxOpenFiles(int value) {
            maxOpenFiles = value;
            return this;
        }

        public Builder readAheadThreshold(int value) {
            readAheadThreshold = value;
            return this;
        }

        /** 0 for as many as the size of the pool suggests, which is the default. */
        public Builder poolInstances(int value) {
            poolInstances = value;
            return this;
        }

        public Builder randomReadAhead(boolean value) {
            randomReadAhead = value;
            return this;
        }

        public Builder oldBlocksPercent(int value) {
            oldBlocksPercent = value;
            return this;
        }

        public Builder oldBlocksMillis(int value) {
            oldBlocksMillis = value;
            return this;
        }

        public Builder latchOrderCheck(boolean value) {
            latchOrderCheck = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws InvalidConfigException when an option is out of its range
         */
        public EngineConfig build() {
            return new EngineConfig(
                    pageSize,
                    poolPages,
                    readThreads,
                    writeThreads,
                    slotsPerThread,
                    ioCapacity,
                    changeBufferMaxPercent,
                    deleteProtocol,
                    skipFailedSpace,
                    backgroundThreads,
                    masterIntervalMillis,
                    dropSearchSize,
                    seed,
                    durability,
                    purge,
                    maxOpenFiles,
                    readAheadThreshold,
                    latchOrderCheck,
                    poolInstances == 0 ? instancesFor(pageSize, poolPages) : poolInstances,
                    randomReadAhead,
                    oldBlocksPercent,
                    oldBlocksMillis);
        }
    }
}
