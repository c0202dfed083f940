package org.selvage.scenarios;

import java.util.List;

/** A clean shutdown while changes are merged: what was acknowledged is there at the next start. */
public final class ShutdownVsMerge extends LifecycleScenario {
    /** For ServiceLoader. */
    public ShutdownVsMerge() {
        super(
                "shutdown-vs-merge",
                "a clean shutdown against the background merge and writers, and the next start",
                List.of());
    }

    @Override
    boolean closes() {
        return true;
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> {
                    client.insert(TABLE, 3, VALUE);
                    client.delete(TABLE, 0);
                },
                client -> {
                    client.insert(TABLE, 4, VALUE);
                    client.scan(TABLE, VALUE);
                });
    }
}
