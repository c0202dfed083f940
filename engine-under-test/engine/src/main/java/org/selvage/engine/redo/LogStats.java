package org.selvage.engine.redo;

/**
 * Figures of the redo log (log_print).
 *
 * @param lsn end of the newest change
 * @param writtenLsn up to where the log is in its files
 * @param durableLsn up to where it survives loss of power
 * @param checkpointLsn where recovery would begin
 * @param writes writes of the log buffer since the engine was opened
 * @param syncs fsyncs of the log since then
 * @param checkpoints checkpoints made in this folder, the one of its creation included
 */
public record LogStats(
        long lsn,
        long writtenLsn,
        long durableLsn,
        long checkpointLsn,
        long writes,
        long syncs,
        long checkpoints) {
    /** Bytes that recovery would read. */
    public long checkpointAge() {
        return lsn - checkpointLsn;
    }
}
