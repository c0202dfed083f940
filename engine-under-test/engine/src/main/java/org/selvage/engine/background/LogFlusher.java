package org.selvage.engine.background;

import org.selvage.engine.ErrorLog;
import org.selvage.engine.redo.RedoLog;
import org.selvage.engine.sync.LatchOrder;

/**
 * Makes the log durable once a second, so that a commit that does not wait for it is lost with a
 * second's work at most, and whenever pages are about to be written that wait for their log
 * (log_flusher of MySQL 8.0).
 */
public final class LogFlusher extends PeriodicThread {
    /** Name of the thread. */
    public static final String NAME = "log-flusher";

    private static final int INTERVAL_MILLIS = 1000;

    private final RedoLog redo;

    public LogFlusher(RedoLog redo, LatchOrder order, ErrorLog log) {
        super(NAME, INTERVAL_MILLIS, order, log);
        this.redo = redo;
    }

    @Override
    void round() {
        flush();
    }

    /** Makes everything appended so far durable. */
    public void flush() {
        redo.sync();
    }
}
