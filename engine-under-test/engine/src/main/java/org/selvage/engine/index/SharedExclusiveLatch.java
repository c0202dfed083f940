package org.selvage.engine.index;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchMode;
import org.selvage.engine.sync.LatchOrder;

/**
 * A latch held by many S and beside them one SX, or by one X (InnoDB's rw_lock_t). Not reentrant. A
 * waiting X keeps new S and SX out, so a stream of readers cannot starve it; for the same reason
 * nobody may ask for S twice.
 */
public final class SharedExclusiveLatch {
    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition changed = mutex.newCondition();
    private int sharedHolders;
    private int exclusiveWaiters;
    private boolean heldExclusive;
    private boolean heldSharedExclusive;
    private final LatchOrder order;
    private final LatchLevel level;

    /**
     * A free latch.
     *
     * @param level its place in the order of latches
     */
    public SharedExclusiveLatch(LatchOrder order, LatchLevel level) {
        this.order = order;
        this.level = level;
    }

    private void acquired(LatchMode mode) {
        if (isOwnedByThread(mode)) {
            order.acquired(level, this, mode);
        }
    }

    private void released(LatchMode mode) {
        if (isOwnedByThread(mode)) {
            order.released(this);
        }
    }

    /** A metadata lock held S belongs to a transaction, which may go on in another thread. */
    private boolean isOwnedByThread(LatchMode mode) {
        return level != LatchLevel.METADATA || mode == LatchMode.X;
    }

    @Override
    public String toString() {
        return level == LatchLevel.METADATA ? "metadata lock" : "tree latch";
    }

    /** Takes the latch S. */
    public void lockShared() {
        order.ask(level, this);
        mutex.lock();
        try {
            while (heldExclusive || exclusiveWaiters > 0) {
                changed.awaitUninterruptibly();
            }
            sharedHolders++;
        } finally {
            mutex.unlock();
        }
        acquired(LatchMode.S);
    }

    /** Takes the latch S if nobody has it X or waits for that. */
    public boolean tryLockShared() {
        mutex.lock();
        try {
            if (heldExclusive || exclusiveWaiters > 0) {
                return false;
            }
            sharedHolders++;
            acquired(LatchMode.S);
            return true;
        } finally {
            mutex.unlock();
        }
    }

    /** Gives an S latch back. */
    public void unlockShared() {
        released(LatchMode.S);
        mutex.lock();
        try {
            assert sharedHolders > 0;
            sharedHolders--;
            if (sharedHolders == 0 && exclusiveWaiters > 0) {
                changed.signalAll();
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Takes the latch SX: others may have it S meanwhile, but neither SX nor X. */
    public void lockSharedExclusive() {
        order.ask(level, this);
        mutex.lock();
        try {
            while (heldExclusive || heldSharedExclusive || exclusiveWaiters > 0) {
                changed.awaitUninterruptibly();
            }
            heldSharedExclusive = true;
        } finally {
            mutex.unlock();
        }
        acquired(LatchMode.SX);
    }

    /** Gives the SX latch back. */
    public void unlockSharedExclusive() {
        released(LatchMode.SX);
        mutex.lock();
        try {
            assert heldSharedExclusive;
            heldSharedExclusive = false;
            changed.signalAll();
        } finally {
            mutex.unlock();
        }
    }

    /** Whether anybody has the latch; the mutex is held. */
    private boolean isHeld() {
        return heldExclusive || heldSharedExclusive || sharedHolders > 0;
    }

    /** Takes the latch X. */
    public void lockExclusive() {
        order.ask(level, this);
        mutex.lock();
        try {
            exclusiveWaiters++;
            while (isHeld()) {
                changed.awaitUninterruptibly();
            }
            exclusiveWaiters--;
            heldExclusive = true;
        } finally {
            mutex.unlock();
        }
        acquired(LatchMode.X);
    }

    /**
     * Takes the latch X if it becomes free in time. A thread that has one X latch already asks for
     * the next in this way, and gives back what it has when it is refused.
     *
     * @param millis how long to wait at most, in milliseconds
     */
    public boolean tryLockExclusive(long millis) {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        mutex.lock();
        exclusiveWaiters++;
        try {
            while (isHeld() && left > 0) {
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            boolean free = !isHeld();
            heldExclusive |= free;
            if (free) {
                acquired(LatchMode.X);
            }
            return free;
        } finally {
            exclusiveWaiters--;
            changed.signalAll();
            mutex.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Gives the X latch back. */
    public void unlockExclusive() {
        released(LatchMode.X);
        mutex.lock();
        try {
            assert heldExclusive;
            heldExclusive = false;
            changed.signalAll();
        } finally {
            mutex.unlock();
        }
    }
}
