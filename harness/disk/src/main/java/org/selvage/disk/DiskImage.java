package org.selvage.disk;

import java.util.Map;
import org.selvage.disk.NodeImage.DirectoryImage;
import org.selvage.disk.NodeImage.Stamp;

/**
 * The contents of a disk at one instant. Immutable: any number of disks may be opened from it, in
 * any threads, and none sees what another writes.
 *
 * <p>Files are tables of chunks of {@value FileNode#CHUNK_BYTES} bytes. Taking an image and opening
 * one copy no chunk; a disk copies a chunk when it first writes to it.
 */
public final class DiskImage {
    private final DirectoryImage root;
    private final long serial;

    DiskImage(DirectoryImage root, long serial) {
        this.root = root;
        this.serial = serial;
    }

    /** An image of a root directory with nothing in it. */
    public static DiskImage empty() {
        return new DiskImage(new DirectoryImage(new Stamp(0, 0, 0, 0), Map.of()), 0);
    }

    DirectoryImage root() {
        return root;
    }

    /** The last number given to a node or an instant: a disk opened from here counts on from it. */
    long serial() {
        return serial;
    }

    /** Bytes that the files occupy, rounded up to whole chunks for each file, holes included. */
    public long occupiedBytes() {
        return root.occupiedBytes();
    }

    /** Files, without directories. */
    public int fileCount() {
        return root.fileCount();
    }

    @Override
    public String toString() {
        return "DiskImage[files=" + fileCount() + ", occupiedBytes=" + occupiedBytes() + "]";
    }
}
