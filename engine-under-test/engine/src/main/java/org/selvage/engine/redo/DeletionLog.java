package org.selvage.engine.redo;

import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.tablespace.FileLog;

/** Writes the records of deleted tablespaces to the log. */
public final class DeletionLog implements FileLog {
    private final RedoLog log;
    private final BufferPool pool;

    private DeletionLog(RedoLog log, BufferPool pool) {
        this.log = log;
        this.pool = pool;
    }

    /** For an engine with that log, which may be one without files. */
    public static FileLog of(RedoLog log, BufferPool pool) {
        return log.isLogging() ? new DeletionLog(log, pool) : FileLog.NONE;
    }

    @Override
    public long deleting(int spaceId, String name) {
        long endLsn = log.fileDelete(pool, spaceId, name);
        log.writeUpTo(endLsn, true);
        return endLsn;
    }

    @Override
    public long durableLsn() {
        return log.durableLsn();
    }
}
