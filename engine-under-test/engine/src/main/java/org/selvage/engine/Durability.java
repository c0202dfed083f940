package org.selvage.engine;

/**
 * How much of what was acknowledged survives a crash.
 *
 * @param redoLog whether a new data folder gets a redo log; an existing folder has one or not.
 *     Without it only a closed folder is sure to be whole
 * @param logFileBytes size of each of the two log files, 0 for 3072 pages (innodb_log_file_size)
 * @param logBufferBytes size of the log buffer, 4096 to 1 GiB (innodb_log_buffer_size)
 * @param flushLogAtCommit what a commit waits for: 0 nothing, the log is written and made durable
 *     once a second; 1 that the log is durable; 2 that the log is written, it is made durable once
 *     a second (innodb_flush_log_at_trx_commit). The second passes in the log flusher
 * @param doublewrite whether pages are written twice, so that a write torn by power loss can be
 *     repaired (innodb_doublewrite); only with a redo log
 * @param fsync whether files are synchronised at all (innodb_flush_method other than nosync).
 *     Without, everything survives the end of the process but not loss of power
 */
public record Durability(
        boolean redoLog,
        long logFileBytes,
        int logBufferBytes,
        int flushLogAtCommit,
        boolean doublewrite,
        boolean fsync) {
    private static final int DEFAULT_BUFFER = 1 << 20;
    private static final long MAX_FILE = 1L << 40;

    /** No log: fast, and lost with the process. */
    public static final Durability NONE = new Durability(false, 0, DEFAULT_BUFFER, 1, false, true);

    /** Everything acknowledged survives loss of power. */
    public static final Durability FULL = new Durability(true, 0, DEFAULT_BUFFER, 1, true, true);

    public Durability {
        if (logFileBytes < 0 || logFileBytes > MAX_FILE) {
            throw new InvalidConfigException("logFileBytes", logFileBytes, "0 to " + MAX_FILE);
        }
        if (logBufferBytes < 4096 || logBufferBytes > 1 << 30) {
            throw new InvalidConfigException(
                    "logBufferBytes", logBufferBytes, "4096 to " + (1 << 30));
        }
        if (flushLogAtCommit < 0 || flushLogAtCommit > 2) {
            throw new InvalidConfigException("flushLogAtCommit", flushLogAtCommit, "0, 1 or 2");
        }
    }

    /** The same with another size of the log files. */
    public Durability withLogFileBytes(long bytes) {
        return new Durability(redoLog, bytes, logBufferBytes, flushLogAtCommit, doublewrite, fsync);
    }

    /** The same with another rule for commits. */
    public Durability withFlushLogAtCommit(int rule) {
        return new Durability(redoLog, logFileBytes, logBufferBytes, rule, doublewrite, fsync);
    }

    /** The same with or without doublewrite. */
    public Durability withDoublewrite(boolean on) {
        return new Durability(redoLog, logFileBytes, logBufferBytes, flushLogAtCommit, on, fsync);
    }

    /** The same with or without fsync. */
    public Durability withFsync(boolean on) {
        return new Durability(
                redoLog, logFileBytes, logBufferBytes, flushLogAtCommit, doublewrite, on);
    }
}
