package org.selvage.engine.aio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineException;

/**
 * An array of slots for asynchronous requests of one kind, simulated with handler threads that do
 * synchronous I/O (class AIO, os_aio_simulated_handler).
 *
 * <p>The slots are divided into segments, one for each handler thread. A submitter reserves a slot,
 * first looking in the segment that its file offset maps to, and waits while all slots are taken. A
 * handler performs the requests of its own segment: the oldest one when that has waited two
 * seconds, else the one with the lowest offset. The slot is given back before the handler returns
 * the result, so the completion may itself submit requests. InnoDB also joins adjacent requests
 * into one operation; here every request is an operation of its own.
 */
public final class AioArray {
    /** A request that waited this long goes before those with lower offsets. */
    private static final long STARVED_NANOS = 2_000_000_000L;

    private final String name;
    private final int slotsPerSegment;
    private final int offsetShift;
    private final AioSlot[] slots;
    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition notFull = mutex.newCondition();
    private final Condition[] segmentWork;
    private int reserved;
    private boolean shutdown;
    private long submitted;
    private long completed;
    private long slotWaits;

    /**
     * @param name for messages: "read", "ibuf" or "write"
     * @param segments handler threads
     * @param pageSize bytes, a power of two; neighbouring runs of 64 pages map to different
     *     segments
     */
    public AioArray(String name, int segments, int slotsPerSegment, int pageSize) {
        this.name = name;
        this.slotsPerSegment = slotsPerSegment;
        this.offsetShift = Integer.numberOfTrailingZeros(pageSize) + 6;
        this.slots = new AioSlot[segments * slotsPerSegment];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new AioSlot();
        }
        this.segmentWork = new Condition[segments];
        for (int i = 0; i < segments; i++) {
            segmentWork[i] = mutex.newCondition();
        }
    }

    public String name() {
        return name;
    }

    public int segments() {
        return segmentWork.length;
    }

    /**
     * Queues a request; waits while all slots are taken.
     *
     * @param buffer read into or written from, between position and limit; left alone by the caller
     *     until the completion
     * @param message handed to the handler thread with the result
     * @throws EngineException when the array has been shut down
     */
    public void submit(IoType type, AioFile file, long offset, ByteBuffer buffer, Object message) {
        mutex.lock();
        try {
            waitNotFull();
            int index = reserveSlot(offset);
            AioSlot slot = slots[index];
            slot.type = type;
            slot.file = file;
            slot.offset = offset;
            slot.buffer = buffer;
            slot.message = message;
            slot.reservedAtNanos = System.nanoTime();
            submitted++;
            wakeHandler(index / slotsPerSegment);
        } finally {
            mutex.unlock();
        }
    }

    private void waitNotFull() {
        while (reserved == slots.length && !shutdown) {
            slotWaits++;
            notFull.awaitUninterruptibly();
        }
        if (shutdown) {
            throw new EngineException(
                    "The engine is closing: no I/O is accepted any more. array=" + name);
        }
    }

    /** Takes a free slot, searching from the segment of the offset (AIO::reserve_slot). */
    private int reserveSlot(long offset) {
        int segment = (int) ((offset >>> offsetShift) % segmentWork.length);
        int index = segment * slotsPerSegment;
        while (slots[index].reserved) {
            index++;
            if (index == slots.length) {
                index = 0;
            }
        }
        slots[index].reserved = true;
        reserved++;
        return index;
    }

    private void wakeHandler(int segment) {
        segmentWork[segment].signal();
    }

    /**
     * Performs the next request of a segment; called by the segment's handler thread in a loop
     * (os_aio_handler). Waits while there is none.
     *
     * @return the request with its outcome; null when the array is shut down and the segment is
     *     empty
     */
    public @Nullable AioResult waitForCompletion(int segment) {
        AioSlot slot = waitForRequest(segment);
        return slot == null ? null : perform(slot);
    }

    private @Nullable AioSlot waitForRequest(int segment) {
        mutex.lock();
        try {
            AioSlot slot = pick(segment);
            while (slot == null) {
                if (shutdown) {
                    return null;
                }
                segmentWork[segment].awaitUninterruptibly();
                slot = pick(segment);
            }
            slot.inProgress = true;
            return slot;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * The starved request of the segment, else the one with the lowest offset
     * (SimulatedAIOHandler).
     */
    private @Nullable AioSlot pick(int segment) {
        if (reserved == 0) {
            return null;
        }
        AioSlot oldest = null;
        AioSlot lowest = null;
        int first = segment * slotsPerSegment;
        for (int i = first; i < first + slotsPerSegment; i++) {
            AioSlot slot = slots[i];
            if (!slot.reserved || slot.inProgress) {
                continue;
            }
            if (lowest == null || slot.offset < lowest.offset) {
                lowest = slot;
            }
            if (oldest == null || slot.reservedAtNanos - oldest.reservedAtNanos < 0) {
                oldest = slot;
            }
        }
        if (oldest != null && System.nanoTime() - oldest.reservedAtNanos >= STARVED_NANOS) {
            return oldest;
        }
        return lowest;
    }

    private AioResult perform(AioSlot slot) {
        AioFile file = slot.file;
        ByteBuffer buffer = slot.buffer;
        Object message = slot.message;
        if (file == null || buffer == null || message == null) {
            throw new IllegalStateException("A reserved slot is empty: array=" + name);
        }
        IoType type = slot.type;
        long offset = slot.offset;
        int length = buffer.remaining();
        IOException error = null;
        try {
            switch (type) {
                case READ -> file.read(buffer, offset);
                case WRITE -> file.write(buffer, offset);
            }
        } catch (IOException e) {
            error = e;
        } finally {
            release(slot);
        }
        return new AioResult(type, file, offset, length, message, error);
    }

    /** Gives the slot back and lets waiting submitters in (AIO::release). */
    private void release(AioSlot slot) {
        mutex.lock();
        try {
            slot.reserved = false;
            slot.inProgress = false;
            slot.file = null;
            slot.buffer = null;
            slot.message = null;
            completed++;
            if (reserved == slots.length) {
                notFull.signalAll();
            }
            reserved--;
        } finally {
            mutex.unlock();
        }
    }

    /** Refuses new requests; handlers return null once their segment is empty. */
    public void shutdown() {
        mutex.lock();
        try {
            shutdown = true;
            notFull.signalAll();
            for (Condition work : segmentWork) {
                work.signalAll();
            }
        } finally {
            mutex.unlock();
        }
    }

    public AioArrayStats stats() {
        mutex.lock();
        try {
            return new AioArrayStats(slots.length, reserved, submitted, completed, slotWaits);
        } finally {
            mutex.unlock();
        }
    }
}
