package org.selvage.engine.tablespace;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.ErrorLog;

/** Skeleton. */
public final class FilSystem {
    /** Opens or creates the data folder (locks it, checks its marker) and registers space 0; no I/O threads yet. */
    public static FilSystem open(Path dir, EngineConfig config, ErrorLog log) { throw new UnsupportedOperationException(); }
    public boolean isNew() { throw new UnsupportedOperationException(); }
    public int pageSize() { throw new UnsupportedOperationException(); }
    /** Creates name.ibd (fil_ibd_create), registers it. Ids come from Fsp.assignSpaceId. */
    public FilSpace create(int spaceId, String name) { throw new UnsupportedOperationException(); }
    /** Registers an existing name.ibd; the file is opened at its first use. */
    public FilSpace register(int spaceId, String name) { throw new UnsupportedOperationException(); }
    public @Nullable FilSpace lookup(int spaceId) { throw new UnsupportedOperationException(); }
    public @Nullable FilSpace lookup(String name) { throw new UnsupportedOperationException(); }
    /** Pages, 0 when missing (fil_space_get_size). */
    public int size(int spaceId) { throw new UnsupportedOperationException(); }
    public List<FilSpace> spaces() { throw new UnsupportedOperationException(); }
    /** fil_flush of one space / of all. */
    public void flush(int spaceId) { throw new UnsupportedOperationException(); }
    public void flushFileSpaces() { throw new UnsupportedOperationException(); }
    public void extend(int spaceId, int sizePages) { throw new UnsupportedOperationException(); }
    public long flushedLsn() { throw new UnsupportedOperationException(); }
    /** Clean shutdown: writes the LSN to page 0 of the system tablespace. */
    public void writeFlushedLsn(long lsn) { throw new UnsupportedOperationException(); }
    /** Waits for pending I/O, stops the I/O handler threads, closes files, unlocks the folder. */
    public void close() { throw new UnsupportedOperationException(); }
}
