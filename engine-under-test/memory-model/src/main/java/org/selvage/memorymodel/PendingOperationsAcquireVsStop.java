package org.selvage.memorymodel;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.selvage.engine.tablespace.PendingOperations;

/**
 * An operation begins on a tablespace as a drop stops it. Either the drop counts it, and waits, or
 * it is refused. Were stop_new_ops and n_pending_ops two words, the operation could begin after the
 * drop had counted none: InnoDB Bug#14594600.
 */
@JCStressTest
@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "began, and the drop counted it")
@Outcome(id = "false, 0", expect = Expect.ACCEPTABLE, desc = "refused, and the drop counted none")
@Outcome(id = "true, 0", expect = Expect.FORBIDDEN, desc = "began unseen by the drop")
@Outcome(id = "false, 1", expect = Expect.FORBIDDEN, desc = "refused, but counted")
@State
public class PendingOperationsAcquireVsStop {
    private final PendingOperations pending = new PendingOperations();

    /** The change buffer's merge. */
    @Actor
    public void merge(ZI_Result result) {
        result.r1 = pending.acquire();
    }

    /** The drop. */
    @Actor
    public void drop(ZI_Result result) {
        pending.stop();
        result.r2 = pending.count();
    }
}
