package org.selvage.engine.tablespace;

/** What deleting a tablespace asks of the redo log. */
public interface FileLog {
    /** For an engine without a redo log. */
    FileLog NONE = (spaceId, name) -> {};

    /**
     * Logs that a tablespace is deleted (MLOG_FILE_DELETE); returns when that survives loss of
     * power. Only afterwards may its file be removed.
     */
    void deleting(int spaceId, String name);
}
