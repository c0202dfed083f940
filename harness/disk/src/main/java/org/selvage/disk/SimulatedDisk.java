package org.selvage.disk;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A disk opened from an image, with one file system on it. Its fault model is that of this package.
 *
 * <h2>Threads</h2>
 *
 * <p>By default a disk takes no lock and is for one thread at a time: a scheduler that switches
 * tasks on one carrier, and only inside the listener, needs no more. A disk made with {@code
 * threadSafe} is for plain threads: one lock is held for each operation's effect, and never while
 * the listener runs.
 *
 * <h2>Time</h2>
 *
 * <p>The disk never reads the machine's clock. Without a clock of its own each change is one
 * millisecond later than the one before, counted from the epoch and carried on by the image.
 */
public final class SimulatedDisk {
    private final DiskListener listener;
    private final @Nullable ReentrantLock lock;
    private final Tree tree;
    private final DiskFileSystem fileSystem;

    /** Opens an image for one thread at a time. */
    public SimulatedDisk(DiskImage image, DiskListener listener) {
        this(image, listener, false);
    }

    /** Opens an image, for one thread at a time or for plain threads. */
    public SimulatedDisk(DiskImage image, DiskListener listener, boolean threadSafe) {
        this(image, listener, threadSafe, null);
    }

    /**
     * Opens an image. Costs the same whatever the image holds.
     *
     * @param threadSafe whether threads may use the disk at once
     * @param clockMillis the time that changed files are stamped with, in milliseconds since the
     *     epoch; null for one millisecond a change. Called with the disk's lock held.
     */
    public SimulatedDisk(
            DiskImage image,
            DiskListener listener,
            boolean threadSafe,
            @Nullable LongSupplier clockMillis) {
        this.listener = listener;
        this.lock = threadSafe ? new ReentrantLock() : null;
        this.tree = new Tree(image, clockMillis);
        this.fileSystem = new DiskFileSystem(this);
    }

    /** A path on this disk; parts are joined as by {@link FileSystem#getPath}. */
    public Path path(String first, String... more) {
        return fileSystem.getPath(first, more);
    }

    /**
     * The file system on this disk. Closing it leaves the disk, and {@link #image}, as they are.
     */
    public FileSystem fileSystem() {
        return fileSystem;
    }

    /**
     * Freezes the contents as they are now; later writes leave the image alone. Costs a few words
     * for each file and directory changed since the last image, and nothing for the others.
     */
    public DiskImage image() {
        enter();
        try {
            return tree.freeze();
        } finally {
            exit();
        }
    }

    /** The tree, to be used between {@link #enter} and {@link #exit}. */
    Tree tree() {
        return tree;
    }

    void announce(DiskOperation operation, String path, long offset, long length) {
        listener.before(operation, path, offset, (int) Math.min(length, Integer.MAX_VALUE));
    }

    void announce(DiskOperation operation, DiskPath path) {
        listener.before(operation, path.announcedText(), 0, 0);
    }

    void announceTransfer(DiskOperation operation, DiskPath source, DiskPath target) {
        listener.beforeTransfer(operation, source.announcedText(), target.announcedText());
    }

    void enter() {
        if (lock != null) {
            lock.lock();
        }
    }

    void exit() {
        if (lock != null) {
            lock.unlock();
        }
    }
}
