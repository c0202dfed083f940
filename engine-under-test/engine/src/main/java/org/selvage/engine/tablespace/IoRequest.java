package org.selvage.engine.tablespace;

import org.selvage.engine.aio.IoType;

/**
 * How a page is to be read or written (class IORequest).
 *
 * @param sync the calling thread does the I/O and returns when it is over
 * @param ignoreMissing a missing tablespace is answered without an error line, a page outside it
 *     without an exception
 * @param ibuf an asynchronous read of a page of the change buffer's own tree; it has slots and a
 *     thread of its own, because a read handler that merges may be waiting for it
 */
public record IoRequest(IoType type, boolean sync, boolean ignoreMissing, boolean ibuf) {
    public static final IoRequest READ_SYNC = new IoRequest(IoType.READ, true, false, false);
    public static final IoRequest READ_ASYNC = new IoRequest(IoType.READ, false, false, false);
    public static final IoRequest READ_IBUF = new IoRequest(IoType.READ, false, false, true);
    public static final IoRequest WRITE_SYNC = new IoRequest(IoType.WRITE, true, false, false);
    public static final IoRequest WRITE_ASYNC = new IoRequest(IoType.WRITE, false, false, false);

    /** Same request, but silent about a missing tablespace (IORequest::IGNORE_MISSING). */
    public static final IoRequest READ_SYNC_IGNORE_MISSING =
            new IoRequest(IoType.READ, true, true, false);

    public static final IoRequest READ_ASYNC_IGNORE_MISSING =
            new IoRequest(IoType.READ, false, true, false);
}
