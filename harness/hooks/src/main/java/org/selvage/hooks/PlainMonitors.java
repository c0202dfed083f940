package org.selvage.hooks;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Monitors for the rare case that woven code runs on a thread that no scheduler controls, for
 * example from a cleaner or a shutdown hook. Woven code has no JVM monitors, so such threads
 * exclude each other here, slowly and rightly.
 *
 * <p>The table is shared by the JVM, as the monitors that it stands for are; an entry lives while
 * its monitor is in use.
 */
final class PlainMonitors {
    private static final Map<Key, Monitor> MONITORS = new HashMap<>();

    private PlainMonitors() {}

    /** An object by its identity. */
    private record Key(Object object) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.object == object;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(object);
        }
    }

    private static final class Monitor {
        final ReentrantLock lock = new ReentrantLock();
        final Condition condition = lock.newCondition();
        int users;
    }

    private static Monitor acquire(Object object, int delta) {
        synchronized (MONITORS) {
            Key key = new Key(object);
            Monitor monitor = MONITORS.get(key);
            if (monitor == null) {
                monitor = new Monitor();
                MONITORS.put(key, monitor);
            }
            monitor.users += delta;
            if (monitor.users == 0) {
                MONITORS.remove(key);
            }
            return monitor;
        }
    }

    static void enter(Object object) {
        acquire(object, 1).lock.lock();
    }

    static void exit(Object object) {
        acquire(object, -1).lock.unlock();
    }

    static boolean holds(Object object) {
        return Thread.holdsLock(object) || acquire(object, 0).lock.isHeldByCurrentThread();
    }

    @SuppressWarnings({"WaitNotInLoop", "UnusedVariable"}) // the loop is the woven program's own
    static void await(Object object, long nanos) throws InterruptedException {
        Condition condition = acquire(object, 0).condition;
        if (nanos == 0) {
            condition.await();
        } else {
            boolean ignoredWhetherTimedOut = condition.await(nanos, TimeUnit.NANOSECONDS);
        }
    }

    static void signal(Object object, boolean all) {
        Condition condition = acquire(object, 0).condition;
        if (all) {
            condition.signalAll();
        } else {
            condition.signal();
        }
    }
}
