package org.selvage.disk;

import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import org.jspecify.annotations.Nullable;

/** The space of one disk. Deleted files that are still open are not counted. */
final class DiskFileStore extends FileStore {
    private static final long CAPACITY_BYTES = 1L << 40;

    private final SimulatedDisk disk;

    DiskFileStore(SimulatedDisk disk) {
        this.disk = disk;
    }

    @Override
    public String name() {
        return "selvage";
    }

    @Override
    public String type() {
        return "selvage";
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public long getTotalSpace() {
        return CAPACITY_BYTES;
    }

    @Override
    public long getUsableSpace() {
        return getUnallocatedSpace();
    }

    @Override
    public long getUnallocatedSpace() {
        disk.announce(DiskOperation.ATTRIBUTES, "/", 0, 0);
        disk.enter();
        try {
            return Math.max(0, CAPACITY_BYTES - disk.tree().occupiedBytes());
        } finally {
            disk.exit();
        }
    }

    @Override
    public long getBlockSize() {
        return FileNode.CHUNK_BYTES;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
        return type == BasicFileAttributeView.class;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
        return name.equals(DiskAttributes.VIEW);
    }

    @Override
    public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
        return null;
    }

    @Override
    public Object getAttribute(String attribute) {
        return switch (attribute) {
            case "totalSpace" -> getTotalSpace();
            case "usableSpace" -> getUsableSpace();
            case "unallocatedSpace" -> getUnallocatedSpace();
            case "blockSize" -> getBlockSize();
            default ->
                    throw new UnsupportedOperationException(
                            "No such attribute of a file store: attribute="
                                    + attribute
                                    + ". Use totalSpace, usableSpace, unallocatedSpace or blockSize.");
        };
    }

    @Override
    public String toString() {
        return "/ (selvage)";
    }
}
