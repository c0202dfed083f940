package org.selvage.disk;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;

/**
 * A lock of a region of a file. The disk has one process, so any two locks that overlap conflict.
 */
final class DiskLock extends FileLock {
    private final DiskChannel owner;
    private volatile boolean valid = true;

    DiskLock(DiskChannel owner, long position, long size, boolean shared) {
        super(owner, position, size, shared);
        this.owner = owner;
    }

    void invalidate() {
        valid = false;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public void release() throws IOException {
        if (!owner.isOpen()) {
            throw new ClosedChannelException();
        }
        if (valid) {
            owner.release(this);
        }
    }
}
