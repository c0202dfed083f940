package org.selvage.engine.aio;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One pending request of an {@link AioArray}; all fields are guarded by the array's mutex. */
final class AioSlot {
    boolean reserved;

    /** A handler thread is performing the request. */
    boolean inProgress;

    IoType type = IoType.READ;
    @Nullable AioFile file;
    @Nullable ByteBuffer buffer;
    @Nullable Object message;
    long offset;
    long reservedAtNanos;
}
