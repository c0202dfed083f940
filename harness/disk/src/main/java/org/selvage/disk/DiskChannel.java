package org.selvage.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.util.Objects;

/**
 * An open file or directory.
 *
 * <p>Every operation goes: check the channel and the arguments; announce; look again whether the
 * channel is open and the thread not interrupted, as both may have changed meanwhile; take effect.
 * Nothing read before the announcement is used after it.
 *
 * <p>An interrupted thread closes the channel, as {@link java.nio.channels.InterruptibleChannel}
 * says.
 */
final class DiskChannel extends FileChannel {
    private static final int TRANSFER_BYTES = 8192;

    private final SimulatedDisk disk;
    private final DiskFileSystem fileSystem;
    private final Node node;
    private final String path;
    private final OpenFlags flags;
    private long position;

    DiskChannel(
            SimulatedDisk disk,
            DiskFileSystem fileSystem,
            Node node,
            String path,
            OpenFlags flags) {
        this.disk = disk;
        this.fileSystem = fileSystem;
        this.node = node;
        this.path = path;
        this.flags = flags;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private void ensureReadable() throws ClosedChannelException {
        ensureOpen();
        if (!flags.read()) {
            throw new NonReadableChannelException();
        }
    }

    private void ensureWritable() throws ClosedChannelException {
        ensureOpen();
        if (!flags.write()) {
            throw new NonWritableChannelException();
        }
    }

    /** Announces an operation that starts now; the channel was open before. */
    private void announce(DiskOperation operation, long offset, long length) throws IOException {
        disk.announce(operation, path, offset, length);
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
        if (Thread.currentThread().isInterrupted()) {
            close();
            throw new ClosedByInterruptException();
        }
    }

    /** Announces a relative operation, again whenever its offset moved during the announcement. */
    private void announceHere(DiskOperation operation, long length) throws IOException {
        long offset;
        do {
            offset = here();
            announce(operation, offset, length);
        } while (offset != here());
    }

    /** Where the next relative operation starts. */
    private long here() {
        disk.enter();
        try {
            return flags.append() ? node.size() : position;
        } finally {
            disk.exit();
        }
    }

    private FileNode file() throws IOException {
        if (node instanceof FileNode file) {
            return file;
        }
        throw new IOException("Is a directory: path=" + path);
    }

    private static void ensureFillable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    private static void ensureNotNegative(long value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException("Negative " + name + ": " + name + "=" + value);
        }
    }

    private static long remaining(ByteBuffer[] buffers, int offset, int length) {
        long bytes = 0;
        for (int i = offset; i < offset + length; i++) {
            bytes += buffers[i].remaining();
        }
        return bytes;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        ensureReadable();
        ensureFillable(dst);
        announceHere(DiskOperation.READ, dst.remaining());
        disk.enter();
        try {
            int bytes = dst.hasRemaining() ? file().read(dst, position) : 0;
            position += Math.max(0, bytes);
            return bytes;
        } finally {
            disk.exit();
        }
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, dsts.length);
        ensureReadable();
        for (int i = offset; i < offset + length; i++) {
            ensureFillable(dsts[i]);
        }
        announceHere(DiskOperation.READ, remaining(dsts, offset, length));
        disk.enter();
        try {
            if (remaining(dsts, offset, length) == 0) {
                return 0;
            }
            FileNode file = file();
            if (position >= file.size()) {
                return -1;
            }
            long start = position;
            for (int i = offset; i < offset + length; i++) {
                position += Math.max(0, file.read(dsts[i], position));
            }
            return position - start;
        } finally {
            disk.exit();
        }
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
        Objects.requireNonNull(dst, "dst");
        ensureNotNegative(position, "position");
        ensureReadable();
        ensureFillable(dst);
        announce(DiskOperation.READ, position, dst.remaining());
        disk.enter();
        try {
            return dst.hasRemaining() ? file().read(dst, position) : 0;
        } finally {
            disk.exit();
        }
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        ensureWritable();
        Objects.requireNonNull(src, "src");
        announceHere(DiskOperation.WRITE, src.remaining());
        int bytes;
        disk.enter();
        try {
            bytes = writeHere(src);
        } finally {
            disk.exit();
        }
        announceSync();
        return bytes;
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, srcs.length);
        ensureWritable();
        announceHere(DiskOperation.WRITE, remaining(srcs, offset, length));
        long bytes = 0;
        disk.enter();
        try {
            long start = flags.append() ? node.size() : position;
            ensureFits(start, remaining(srcs, offset, length));
            for (int i = offset; i < offset + length; i++) {
                bytes += writeHere(srcs[i]);
            }
        } finally {
            disk.exit();
        }
        announceSync();
        return bytes;
    }

    @Override
    public int write(ByteBuffer src, long position) throws IOException {
        Objects.requireNonNull(src, "src");
        ensureNotNegative(position, "position");
        ensureWritable();
        if (flags.append()) {
            announceHere(DiskOperation.WRITE, src.remaining());
        } else {
            announce(DiskOperation.WRITE, position, src.remaining());
        }
        int bytes;
        disk.enter();
        try {
            bytes = writeAt(src, flags.append() ? node.size() : position);
        } finally {
            disk.exit();
        }
        announceSync();
        return bytes;
    }

    private int writeHere(ByteBuffer src) throws IOException {
        long start = flags.append() ? node.size() : position;
        int bytes = writeAt(src, start);
        position = start + bytes;
        return bytes;
    }

    private int writeAt(ByteBuffer src, long offset) throws IOException {
        ensureFits(offset, src.remaining());
        return file().write(src, offset, disk.tree().nowNanos());
    }

    private void ensureFits(long offset, long length) throws FileSystemException {
        if (length > 0 && offset > FileNode.MAX_BYTES - length) {
            throw new FileSystemException(
                    path,
                    null,
                    "File too large: offset="
                            + offset
                            + " length="
                            + length
                            + " limit="
                            + FileNode.MAX_BYTES);
        }
    }

    private void announceSync() {
        if (flags.sync()) {
            disk.announce(DiskOperation.FORCE, path, 0, 0);
        }
    }

    @Override
    public long position() throws IOException {
        ensureOpen();
        announce(DiskOperation.SEEK, -1, 0);
        return here();
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        ensureOpen();
        ensureNotNegative(newPosition, "position");
        announce(DiskOperation.SEEK, newPosition, 0);
        disk.enter();
        try {
            position = newPosition;
        } finally {
            disk.exit();
        }
        return this;
    }

    @Override
    public long size() throws IOException {
        ensureOpen();
        announce(DiskOperation.ATTRIBUTES, 0, 0);
        disk.enter();
        try {
            return node.size();
        } finally {
            disk.exit();
        }
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        ensureOpen();
        ensureNotNegative(size, "size");
        ensureWritable();
        announce(DiskOperation.TRUNCATE, size, 0);
        disk.enter();
        try {
            file().truncate(size, disk.tree().nowNanos());
            position = Math.min(position, size);
        } finally {
            disk.exit();
        }
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        ensureOpen();
        announce(DiskOperation.FORCE, 0, 0);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
            throws IOException {
        ensureOpen();
        if (!target.isOpen()) {
            throw new ClosedChannelException();
        }
        ensureReadable();
        if (target instanceof DiskChannel other) {
            other.ensureWritable();
        }
        ensureNotNegative(position, "position");
        ensureNotNegative(count, "count");
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, TRANSFER_BYTES));
        long moved = 0;
        while (moved < count) {
            buffer.clear().limit((int) Math.min(count - moved, TRANSFER_BYTES));
            int bytes = read(buffer, position + moved);
            if (bytes <= 0) {
                break;
            }
            int written = target.write(buffer.flip());
            moved += written;
            if (written < bytes) {
                break;
            }
        }
        return moved;
    }

    @Override
    public long transferFrom(ReadableByteChannel src, long position, long count)
            throws IOException {
        ensureOpen();
        if (!src.isOpen()) {
            throw new ClosedChannelException();
        }
        if (src instanceof DiskChannel other) {
            other.ensureReadable();
        }
        ensureWritable();
        ensureNotNegative(position, "position");
        ensureNotNegative(count, "count");
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, TRANSFER_BYTES));
        long moved = 0;
        while (moved < count) {
            buffer.clear().limit((int) Math.min(count - moved, TRANSFER_BYTES));
            int bytes = src.read(buffer);
            if (bytes <= 0) {
                break;
            }
            moved += write(buffer.flip(), position + moved);
        }
        return moved;
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        try {
            return acquire(position, size, shared);
        } catch (ClosedByInterruptException e) {
            FileLockInterruptionException interrupted = new FileLockInterruptionException();
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /** Locks at once or fails: all locks of a disk belong to one process, so none is waited for. */
    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return acquire(position, size, shared);
    }

    private FileLock acquire(long position, long size, boolean shared) throws IOException {
        ensureOpen();
        if (shared) {
            ensureReadable();
        } else {
            ensureWritable();
        }
        long length = size == 0 ? Long.MAX_VALUE - Math.max(0, position) : size;
        DiskLock lock = new DiskLock(this, position, length, shared);
        announce(DiskOperation.LOCK, position, length);
        disk.enter();
        try {
            if (!node.addLock(lock)) {
                throw new OverlappingFileLockException();
            }
            return lock;
        } finally {
            disk.exit();
        }
    }

    void release(DiskLock lock) {
        disk.announce(DiskOperation.UNLOCK, path, lock.position(), lock.size());
        disk.enter();
        try {
            node.removeLock(lock);
            lock.invalidate();
        } finally {
            disk.exit();
        }
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw unmappable();
    }

    @Override
    public MemorySegment map(MapMode mode, long offset, long size, Arena arena) {
        throw unmappable();
    }

    private UnsupportedOperationException unmappable() {
        return new UnsupportedOperationException(
                "A file of a simulated disk cannot be mapped into memory: path="
                        + path
                        + ". Read and write it through the channel.");
    }

    @Override
    protected void implCloseChannel() {
        disk.enter();
        try {
            node.removeLocksOf(this);
            fileSystem.remove(this);
        } finally {
            disk.exit();
        }
    }
}
