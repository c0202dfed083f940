package org.selvage.engine;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.filespace.Fsp;
import org.selvage.engine.page.IndexHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.redo.RedoLog;
import org.selvage.engine.tablespace.DeleteProtocol;
import org.selvage.engine.tablespace.FilSpace;
import org.selvage.engine.tablespace.FilSystem;
import org.selvage.engine.tablespace.FileLog;

/** The lower floor of an engine on a real folder, put together for a test. */
public final class LowerFloor implements AutoCloseable {
    public static final int PAGE_SIZE = 512;

    /** Where {@link #putLong} writes: behind the header of an index page. */
    public static final int VALUE = 300;

    public final ErrorLog log;
    public final FilSystem fil;
    public final BufferPool pool;
    public final RedoLog redo;
    public final Fsp fsp;
    public final DeleteProtocol protocol;
    private boolean closed;

    private LowerFloor(Path dir, EngineConfig config, ErrorLog log) {
        this.log = log;
        this.fil = FilSystem.open(dir, config, log);
        this.pool = new BufferPool(config, fil);
        this.redo = new RedoLog(fil.flushedLsn(), fil.latchOrder());
        this.fsp = new Fsp(fil);
        this.protocol = DeleteProtocol.named(config.deleteProtocol(), fil, pool, FileLog.NONE);
    }

    public static EngineConfig.Builder config() {
        return EngineConfig.builder()
                .pageSize(PAGE_SIZE)
                .poolPages(16)
                .readThreads(2)
                .writeThreads(2)
                .slotsPerThread(4)
                .durability(Durability.NONE)
                .latchOrderCheck(true);
    }

    public static LowerFloor open(Path dir) {
        return open(dir, config().build());
    }

    public static LowerFloor open(Path dir, EngineConfig config) {
        LowerFloor floor = openWithoutIoThreads(dir, config);
        floor.fil.startIoThreads();
        return floor;
    }

    /** Asynchronous requests stay queued until startIoThreads is called. */
    public static LowerFloor openWithoutIoThreads(Path dir, EngineConfig config) {
        return new LowerFloor(dir, config, new ErrorLog());
    }

    public MiniTransaction mtr() {
        return new MiniTransaction(pool, redo);
    }

    /** Creates a tablespace with that many allocated pages; the first is page 2. */
    public FilSpace createSpace(String name, int pages) {
        int id;
        try (MiniTransaction mtr = mtr()) {
            id = fsp.assignSpaceId(mtr);
        }
        FilSpace space = fil.create(id, name);
        for (int i = 0; i < pages; i++) {
            try (MiniTransaction mtr = mtr()) {
                fsp.allocatePage(mtr, id);
            }
        }
        return space;
    }

    /** Makes a page an empty index page. */
    public static void makeIndexPage(ByteBuffer frame) {
        PageHeader.setType(frame, PageType.INDEX);
        frame.putShort(IndexHeader.HEAP_TOP, (short) IndexHeader.END);
    }

    public void putLong(PageId id, long value) {
        try (MiniTransaction mtr = mtr()) {
            BufferBlock block = mtr.page(id, Latch.X);
            block.frame().putLong(VALUE, value);
            mtr.setDirty(block);
        }
    }

    public long getLong(PageId id) {
        try (MiniTransaction mtr = mtr()) {
            return mtr.page(id, Latch.S).frame().getLong(VALUE);
        }
    }

    /** Writes everything and empties the pool. */
    public void flushAndEvict() {
        pool.flushAll();
        pool.evictUnused();
    }

    /** Closes as a clean shutdown does. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        pool.validate();
        pool.flushAll();
        fil.writeFlushedLsn(redo.lsn());
        fil.close();
    }

    /** Stops without writing anything. */
    public void abandon() {
        closed = true;
        fil.close();
    }

    /**
     * Waits until another thread made the condition true; a hang is cut off by the test's time
     * limit.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    public static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("the test's time limit has passed");
            }
            Thread.yield();
        }
    }

    /** Waits until the thread sleeps in a poll loop. */
    public static void awaitPolling(Thread thread) {
        await(() -> thread.getState() == Thread.State.TIMED_WAITING || !thread.isAlive());
    }

    /** A started thread whose failure ends in the box. */
    public static Thread start(String name, FailureBox failures, Runnable body) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                body.run();
                            } catch (RuntimeException | Error e) {
                                failures.add(e);
                            }
                        },
                        name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
