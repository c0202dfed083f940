package org.selvage.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.selvage.disk.NodeImage.Stamp;

/** A file or directory of one disk, which may change. */
abstract sealed class Node permits FileNode, DirectoryNode {
    private Stamp stamp;
    private @Nullable List<DiskLock> locks;

    Node(Stamp stamp) {
        this.stamp = stamp;
    }

    /** This node as an image, which later changes leave alone. */
    abstract NodeImage freeze();

    /** Size in bytes as attributes report it. */
    abstract long size();

    /** Bytes of whole chunks that the files at or below this node occupy. */
    abstract long occupiedBytes();

    /** Forgets the image that this node was frozen to, as it is about to differ from it. */
    abstract void changed();

    final Stamp stamp() {
        return stamp;
    }

    final void touch(long now) {
        changed();
        stamp = new Stamp(stamp.id(), stamp.created(), now, stamp.accessed());
    }

    final void restamp(long created, long modified, long accessed) {
        changed();
        stamp = new Stamp(stamp.id(), created, modified, accessed);
    }

    /** Adds a lock unless it overlaps another one, of any channel. */
    final boolean addLock(DiskLock lock) {
        List<DiskLock> held = Objects.requireNonNullElseGet(locks, ArrayList::new);
        for (DiskLock other : held) {
            if (other.overlaps(lock.position(), lock.size())) {
                return false;
            }
        }
        held.add(lock);
        locks = held;
        return true;
    }

    final void removeLock(DiskLock lock) {
        if (locks != null) {
            locks.remove(lock);
        }
    }

    final void removeLocksOf(DiskChannel channel) {
        if (locks == null) {
            return;
        }
        for (DiskLock lock : locks) {
            if (lock.acquiredBy() == channel) {
                lock.invalidate();
            }
        }
        locks.removeIf(lock -> lock.acquiredBy() == channel);
    }
}
