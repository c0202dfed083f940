package org.selvage.engine.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The log buffer went to the log files (log_write_up_to). */
@Name("org.selvage.engine.LogFlush")
@Label("Log Flush")
@Category({"Selvage", "Redo Log"})
@StackTrace(false)
public final class LogFlushEvent extends Event {
    @Label("LSN")
    long lsn;

    @Label("Bytes Written")
    @DataAmount
    long bytes;

    @Label("Durable")
    boolean durable;

    /** An event that begins now. */
    public static LogFlushEvent started() {
        LogFlushEvent event = new LogFlushEvent();
        event.begin();
        return event;
    }

    /**
     * The event ends now.
     *
     * @param toLsn up to where the log is written now
     * @param written bytes that were written for it
     * @param forced whether it survives loss of power up to there
     */
    public void ended(long toLsn, int written, boolean forced) {
        if (shouldCommit()) {
            lsn = toLsn;
            bytes = written;
            durable = forced;
            commit();
        }
    }
}
