package org.selvage.engine.sync;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A mutex whose place in the order of latches is checked whenever a thread may wait for it. */
final class CheckedMutex extends ReentrantLock {
    private static final long serialVersionUID = 1L;

    private final transient LatchOrder order;
    private final LatchLevel level;

    CheckedMutex(LatchOrder order, LatchLevel level, boolean fair) {
        super(fair);
        this.order = order;
        this.level = level;
    }

    @Override
    public void lock() {
        if (!isHeldByCurrentThread()) {
            order.ask(level, this);
        }
        super.lock();
        order.acquired(level, this, LatchMode.X);
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (!isHeldByCurrentThread()) {
            order.ask(level, this);
        }
        super.lockInterruptibly();
        order.acquired(level, this, LatchMode.X);
    }

    @Override
    public boolean tryLock() {
        boolean taken = super.tryLock();
        if (taken) {
            order.acquired(level, this, LatchMode.X);
        }
        return taken;
    }

    @Override
    public boolean tryLock(long timeout, TimeUnit unit) throws InterruptedException {
        boolean taken = super.tryLock(timeout, unit);
        if (taken) {
            order.acquired(level, this, LatchMode.X);
        }
        return taken;
    }

    @Override
    public void unlock() {
        super.unlock();
        order.released(this);
    }

    @Override
    public String toString() {
        return "mutex";
    }
}
