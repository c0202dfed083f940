package org.selvage.search;

import java.util.List;

/**
 * Locks that were taken in a circle: each of several tasks took a lock while it held the one that
 * the task before it wanted. No task waited for ever in this execution; in another one they may all
 * hold their first lock at the same time.
 *
 * @param edges in order; the lock that one wants is the lock that the next one holds
 */
public record LockCycle(List<Edge> edges) {
    /**
     * A task takes a lock while it holds another.
     *
     * @param task its name
     * @param held the lock that it has, as the program names it
     * @param heldAt where it took that, as {@code Class.method:line}
     * @param wanted the lock that it takes
     * @param wantedAt where
     */
    public record Edge(String task, String held, String heldAt, String wanted, String wantedAt) {
        /** The edge in words. */
        public String describe() {
            return task
                    + " holds "
                    + held
                    + " (taken at "
                    + heldAt
                    + ") and takes "
                    + wanted
                    + " at "
                    + wantedAt;
        }
    }

    /** Copies the edges. */
    public LockCycle {
        edges = List.copyOf(edges);
    }

    /** One line. */
    public String describe() {
        return "lock-order cycle: "
                + String.join("; ", edges.stream().map(Edge::describe).toList());
    }
}
