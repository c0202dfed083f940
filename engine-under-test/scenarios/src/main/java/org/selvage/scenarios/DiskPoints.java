package org.selvage.scenarios;

import java.util.HashMap;
import java.util.Map;
import org.selvage.disk.DiskListener;
import org.selvage.disk.DiskOperation;
import org.selvage.hooks.OperationKind;
import org.selvage.search.Points;

/** Makes each operation of the simulated disk a scheduling point on the file that it touches. */
final class DiskPoints implements DiskListener {
    private final Map<String, String> files = new HashMap<>();

    @Override
    public void before(DiskOperation operation, String path, long offset, int length) {
        Points.operation(kind(operation), files.computeIfAbsent(path, name -> "file " + name));
    }

    private static OperationKind kind(DiskOperation operation) {
        return switch (operation) {
            case READ, LIST, ATTRIBUTES -> OperationKind.FILE_READ;
            case FORCE -> OperationKind.FILE_FORCE;
            default -> OperationKind.FILE_WRITE;
        };
    }
}
