package org.selvage.engine.tablespace;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * An open file that several threads read and write at positions (os_file_t). Reads and writes are
 * whole: a short one goes on where it stopped.
 *
 * <p>An interrupt of one thread closes a FileChannel for all of them. The engine's files must
 * outlive that: the channel is opened again and the operation repeated, and the interrupt is kept
 * for its thread.
 */
public final class SharedFile implements AutoCloseable {
    private volatile Path path;
    private volatile @Nullable FileChannel channel;
    private boolean closed;
    private boolean fsync = true;

    /** Takes over a channel that was opened for reading and writing. */
    SharedFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens an existing file for reading and writing.
     *
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    public static SharedFile open(Path path) throws IOException {
        return new SharedFile(
                path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Makes a new file. */
    public static SharedFile create(Path path) throws IOException {
        return new SharedFile(
                path,
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE));
    }

    /** Where the file is. */
    public Path path() {
        return path;
    }

    /** The file was renamed while it was open. */
    synchronized void moved(Path to) {
        path = to;
    }

    /** Length in bytes. */
    public long size() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            throw new ClosedChannelException();
        }
        return open.size();
    }

    /**
     * Fills the buffer from an offset on.
     *
     * @throws EOFException when the file ends before
     */
    public void read(ByteBuffer buffer, long offset) throws IOException {
        perform(buffer, offset, SharedFile::readFully);
    }

    /** Writes what remains in the buffer. */
    public void write(ByteBuffer buffer, long offset) throws IOException {
        perform(buffer, offset, SharedFile::writeFully);
    }

    /** Turns {@link #force} off and on (innodb_flush_method=nosync). */
    public SharedFile withFsync(boolean on) {
        fsync = on;
        return this;
    }

    /** Makes all completed writes durable, with the file's size but without its times. */
    public void force() throws IOException {
        if (!fsync) {
            return;
        }
        perform(ByteBuffer.allocate(0), 0, (open, buffer, offset) -> open.force(false));
    }

    private interface Operation {
        void on(FileChannel open, ByteBuffer buffer, long offset) throws IOException;
    }

    private static void readFully(FileChannel open, ByteBuffer buffer, long offset)
            throws IOException {
        long at = offset;
        while (buffer.hasRemaining()) {
            int count = open.read(buffer, at);
            if (count < 0) {
                throw new EOFException("the file ends at byte " + open.size());
            }
            at += count;
        }
    }

    private static void writeFully(FileChannel open, ByteBuffer buffer, long offset)
            throws IOException {
        long at = offset;
        while (buffer.hasRemaining()) {
            at += open.write(buffer, at);
        }
    }

    private void perform(ByteBuffer buffer, long offset, Operation operation) throws IOException {
        int start = buffer.position();
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel open = channel;
                if (open == null) {
                    throw new ClosedChannelException();
                }
                try {
                    operation.on(open, buffer, offset);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    reopen(open, e);
                } catch (ClosedChannelException e) {
                    reopen(open, e);
                }
                buffer.position(start);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void reopen(FileChannel seen, ClosedChannelException cause)
            throws IOException {
        if (closed) {
            throw cause;
        }
        if (seen.equals(channel)) {
            channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel open;
        synchronized (this) {
            closed = true;
            open = channel;
            channel = null;
        }
        if (open != null) {
            open.close();
        }
    }
}
