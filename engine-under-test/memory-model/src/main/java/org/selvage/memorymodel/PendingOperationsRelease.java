package org.selvage.memorymodel;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.selvage.engine.tablespace.PendingOperations;

/**
 * What an operation wrote before its release is seen by a drop that counts none: the drop may free
 * what the operation used.
 */
@JCStressTest
@Outcome(
        id = "-1, 0",
        expect = Expect.ACCEPTABLE,
        desc = "the drop came while the operation was in progress")
@Outcome(
        id = "1, 0",
        expect = Expect.ACCEPTABLE,
        desc = "the drop came after it, and sees what it wrote")
@Outcome(expect = Expect.FORBIDDEN, desc = "the write is missing, or the count is wrong in the end")
@State
public class PendingOperationsRelease {
    private final PendingOperations pending = new PendingOperations();
    private int written;

    /** Makes a state in which an operation is in progress. */
    public PendingOperationsRelease() {
        if (!pending.acquire()) {
            throw new IllegalStateException("a new tablespace refuses operations");
        }
    }

    /** The operation ends. */
    @Actor
    public void operation() {
        written = 1;
        pending.release();
    }

    /** The drop looks once. */
    @Actor
    public void drop(II_Result result) {
        pending.stop();
        result.r1 = pending.count() == 0 ? written : -1;
    }

    /** In the end none is in progress. */
    @Arbiter
    public void end(II_Result result) {
        result.r2 = pending.count();
    }
}
