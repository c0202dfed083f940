package org.selvage.engine.aio;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that requests can be performed on. */
public interface AioFile {
    /**
     * Fills the buffer from the file, from the buffer's position to its limit.
     *
     * @param offset byte offset in the file
     * @throws IOException also when the file ends before the buffer is full
     */
    void read(ByteBuffer buffer, long offset) throws IOException;

    /** Writes the buffer's bytes from its position to its limit. */
    void write(ByteBuffer buffer, long offset) throws IOException;
}
