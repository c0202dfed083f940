package org.selvage.engine.tablespace;

/** What deleting a tablespace asks of the redo log. */
public interface FileLog {
    /** For an engine without a redo log: what is deleted is gone at once. */
    FileLog NONE =
            new FileLog() {
                @Override
                public long deleting(int spaceId, String name) {
                    return 1;
                }

                @Override
                public long durableLsn() {
                    return Long.MAX_VALUE;
                }
            };

    /**
     * Logs that a tablespace is deleted (MLOG_FILE_DELETE); returns when that survives loss of
     * power. Only afterwards may its file be removed.
     *
     * @return the end LSN of the record, above 0
     */
    long deleting(int spaceId, String name);

    /** Up to where the log survives loss of power. */
    long durableLsn();
}
