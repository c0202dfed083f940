package org.selvage.scenarios;

import org.selvage.disk.DiskListener;
import org.selvage.disk.DiskOperation;
import org.selvage.hooks.OperationKind;
import org.selvage.search.Points;

/** Makes each operation of the simulated disk a scheduling point on the file that it touches. */
final class DiskPoints implements DiskListener {
    @Override
    public void before(DiskOperation operation, String path, long offset, int length) {
        Points.operation(kind(operation), ("file " + path).intern()); // one object for each file
    }

    private static OperationKind kind(DiskOperation operation) {
        return switch (operation) {
            case READ, LIST, ATTRIBUTES -> OperationKind.FILE_READ;
            case FORCE -> OperationKind.FILE_FORCE;
            default -> OperationKind.FILE_WRITE;
        };
    }
}
