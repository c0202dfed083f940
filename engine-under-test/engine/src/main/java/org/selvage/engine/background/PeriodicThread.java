package org.selvage.engine.background;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.selvage.engine.EngineException;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchOrder;

/**
 * A daemon thread that does its round every so many milliseconds until it is stopped. It is never
 * interrupted, since an interrupt would close the file it is reading. A round that fails is told to
 * the error log, and the next one comes as usual.
 */
abstract class PeriodicThread {
    private final ReentrantLock mutex = new ReentrantLock();
    private final ReentrantLock roundLock;
    private final Condition stopRequested = mutex.newCondition();
    private final Thread thread;
    private final ErrorLog log;
    private final long intervalNanos;
    private boolean stopping;
    private boolean woken;

    PeriodicThread(String name, int intervalMillis, LatchOrder order, ErrorLog log) {
        this(name, intervalMillis, order.mutex(LatchLevel.ROUND), log);
    }

    /**
     * @param roundLock held over each round
     */
    PeriodicThread(String name, int intervalMillis, ReentrantLock roundLock, ErrorLog log) {
        this.roundLock = roundLock;
        this.log = log;
        this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMillis);
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    /** Does one round. */
    abstract void round();

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** Asks the thread to end and waits until the round it is in is over. */
    public void stop() {
        mutex.lock();
        try {
            stopping = true;
            stopRequested.signalAll();
        } finally {
            mutex.unlock();
        }
        joinUninterruptibly();
    }

    /** Has the next round begin at once. */
    public void wake() {
        mutex.lock();
        try {
            woken = true;
            stopRequested.signalAll();
        } finally {
            mutex.unlock();
        }
    }

    /** Waits for the round under way and keeps the next from beginning until {@link #resume}. */
    public void pause() {
        roundLock.lock();
    }

    /** Ends what {@link #pause} began, on the same thread. */
    public void resume() {
        roundLock.unlock();
    }

    private void joinUninterruptibly() {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (waitForRound()) {
            roundLock.lock();
            try {
                round();
            } catch (EngineException e) {
                log.error("A round of thread " + thread.getName() + " failed: " + e.getMessage());
            } finally {
                roundLock.unlock();
            }
        }
    }

    /** Sleeps the interval; false once the thread is to end. */
    private boolean waitForRound() {
        mutex.lock();
        try {
            long left = intervalNanos;
            while (!stopping && !woken && left > 0) {
                left = stopRequested.awaitNanos(left);
            }
            woken = false;
            return !stopping;
        } catch (InterruptedException e) {
            // Nobody interrupts this thread on purpose, stop() is the way to end it; the round
            // comes early.
            return !stopping;
        } finally {
            mutex.unlock();
        }
    }
}
