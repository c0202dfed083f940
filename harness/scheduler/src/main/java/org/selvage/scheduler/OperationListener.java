package org.selvage.scheduler;

/** Sees each operation at the moment it takes effect. Called on the carrier. */
@FunctionalInterface
public interface OperationListener {
    /** The task's current operation takes effect. */
    void operation(Execution execution, Task task);
}
