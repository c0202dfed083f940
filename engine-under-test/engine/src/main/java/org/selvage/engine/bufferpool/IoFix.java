package org.selvage.engine.bufferpool;

/** Why a block must stay where it is apart from being buffer-fixed (buf_io_fix). */
enum IoFix {
    NONE,
    /** Its page is being read. */
    READ,
    /** Its page is being written. */
    WRITE,
    /** A sweep of the flush list stopped before it and will go on from it (BUF_IO_PIN). */
    PIN
}
