package org.selvage.search;

import org.selvage.hooks.Hooks;
import org.selvage.hooks.OperationKind;

/**
 * Scheduling points that a scenario makes itself, where the program reaches something that is not
 * woven.
 */
public final class Points {
    private Points() {}

    /**
     * The current task is about to operate on a resource.
     *
     * @param resource stands for what is touched: operations on one thing name one object
     */
    public static void operation(OperationKind kind, Object resource) {
        Hooks.operation(kind, resource);
    }
}
