package org.selvage.engine.background;

import org.selvage.engine.ErrorLog;
import org.selvage.engine.changebuffer.Contraction;
import org.selvage.engine.redo.Checkpointing;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchOrder;
import org.selvage.engine.transaction.Transactions;

/** The purge coordinator (srv_purge_coordinator_thread): purges what is there, then waits. */
public final class PurgeThread extends PeriodicThread {
    /** Name of the thread. */
    public static final String NAME = "purge";

    private static final int INTERVAL_MILLIS = 100;

    private final Transactions transactions;
    private final Contraction contraction;
    private final Checkpointing checkpointing;

    public PurgeThread(
            Transactions transactions,
            Contraction contraction,
            Checkpointing checkpointing,
            LatchOrder order,
            ErrorLog log) {
        super(NAME, INTERVAL_MILLIS, order.mutex(LatchLevel.PURGE_ROUND), log);
        this.contraction = contraction;
        this.transactions = transactions;
        this.checkpointing = checkpointing;
    }

    @Override
    void round() {
        int most = transactions.historyLength();
        for (int i = 0; i < most; i++) {
            checkpointing.freeCheck();
            transactions.purge();
            contraction.contractAfterInsert();
        }
    }
}
