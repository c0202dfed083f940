package org.selvage.engine.background;

import java.util.concurrent.atomic.AtomicLong;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.changebuffer.Contraction;
import org.selvage.engine.sync.LatchOrder;

/**
 * The master thread (InnoDB's srv_master_thread): once an interval it merges buffered changes, few
 * of them when clients were active since the last round, as many as the I/O capacity allows when
 * not.
 */
public final class MasterThread extends PeriodicThread {
    /** Name of the thread. */
    public static final String NAME = "master";

    private final Contraction contraction;
    private final AtomicLong activityCount;
    private long activitySeen;

    /**
     * @param activityCount raised by every statement (srv_sys.activity_count)
     */
    public MasterThread(
            Contraction contraction,
            AtomicLong activityCount,
            int intervalMillis,
            LatchOrder order,
            ErrorLog log) {
        super(NAME, intervalMillis, order, log);
        this.contraction = contraction;
        this.activityCount = activityCount;
    }

    @Override
    void round() {
        long activity = activityCount.get();
        if (activity == activitySeen) {
            doIdleTasks();
        } else {
            activitySeen = activity;
            doActiveTasks();
        }
    }

    /** InnoDB's srv_master_do_active_tasks; returns the pages whose merge was begun. */
    public int doActiveTasks() {
        return contraction.mergeInBackground(false);
    }

    /** InnoDB's srv_master_do_idle_tasks; returns the pages whose merge was begun. */
    public int doIdleTasks() {
        return contraction.mergeInBackground(true);
    }
}
