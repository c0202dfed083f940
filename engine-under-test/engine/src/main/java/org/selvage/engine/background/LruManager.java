package org.selvage.engine.background;

import org.selvage.engine.ErrorLog;
import org.selvage.engine.bufferpool.BufferPool;

/**
 * Writes dirty pages near the end of the LRU list before a client has to evict them, so that
 * clients find clean ones and wait for no write (the LRU half of InnoDB's page cleaner, which
 * Percona Server gives a thread of its own, buf_lru_manager). The page cleaner waits for page
 * latches, whose holders may be waiting for a frame; this thread waits for I/O only (MDEV-34265).
 */
public final class LruManager extends PeriodicThread {
    /** Name of the thread. */
    public static final String NAME = "lru-manager";

    private static final int INTERVAL_MILLIS = 1000;

    private final BufferPool pool;

    public LruManager(BufferPool pool, ErrorLog log) {
        super(NAME, INTERVAL_MILLIS, pool.latchOrder(), log);
        this.pool = pool;
    }

    @Override
    void round() {
        pool.flushLru();
    }
}
