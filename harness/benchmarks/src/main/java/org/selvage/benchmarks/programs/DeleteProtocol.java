package org.selvage.benchmarks.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The tablespace delete protocol in miniature, done right: one dropper, two mergers, four spaces,
 * polls of 20 ms.
 */
public final class DeleteProtocol {
    private static final int VICTIM = 3;

    private static final class Space {
        boolean stopNewOps;
        int pendingOps;
    }

    private final ReentrantLock mutex = new ReentrantLock();
    private final ReentrantLock pool = new ReentrantLock();
    private final Map<Integer, Space> spaces = new TreeMap<>();
    private int missing;
    private int ios;

    private DeleteProtocol() {
        for (int id = 1; id <= 4; id++) {
            spaces.put(id, new Space());
        }
    }

    private void drop() {
        Space space = stop();
        while (isBusy(space)) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts", e);
            }
        }
        io();
        io();
        mutex.lock();
        try {
            spaces.remove(VICTIM);
        } finally {
            mutex.unlock();
        }
    }

    private Space stop() {
        mutex.lock();
        try {
            Space space = spaces.get(VICTIM);
            if (space == null) {
                throw new AssertionError("the space is gone");
            }
            space.stopNewOps = true;
            return space;
        } finally {
            mutex.unlock();
        }
    }

    private boolean isBusy(Space space) {
        mutex.lock();
        try {
            return space.pendingOps > 0;
        } finally {
            mutex.unlock();
        }
    }

    private void merge() {
        List<Integer> ids;
        mutex.lock();
        try {
            ids = new ArrayList<>(spaces.keySet());
        } finally {
            mutex.unlock();
        }
        for (int id : ids) {
            if (acquire(id)) {
                io();
                read(id);
            }
        }
    }

    private boolean acquire(int id) {
        mutex.lock();
        try {
            @Nullable Space space = spaces.get(id);
            if (space == null || space.stopNewOps) {
                return false;
            }
            space.pendingOps++;
            return true;
        } finally {
            mutex.unlock();
        }
    }

    private void read(int id) {
        io();
        mutex.lock();
        try {
            @Nullable Space space = spaces.get(id);
            if (space == null) {
                missing++;
            } else {
                space.pendingOps--;
            }
        } finally {
            mutex.unlock();
        }
    }

    private void io() {
        pool.lock();
        try {
            ios++;
        } finally {
            pool.unlock();
        }
    }

    /** One execution. */
    public static void run() throws InterruptedException {
        DeleteProtocol protocol = new DeleteProtocol();
        Thread a = new Thread(protocol::drop);
        Thread b = new Thread(protocol::merge);
        Thread c = new Thread(protocol::merge);
        a.start();
        b.start();
        c.start();
        a.join();
        b.join();
        c.join();
        if (protocol.missing != 0 || protocol.ios < 2) {
            throw new AssertionError("missing=" + protocol.missing + " ios=" + protocol.ios);
        }
    }
}
