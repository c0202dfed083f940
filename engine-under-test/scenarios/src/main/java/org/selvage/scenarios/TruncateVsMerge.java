package org.selvage.scenarios;

import java.util.List;

/**
 * TRUNCATE TABLE replaces a tablespace whose changes are being merged: no old row may come back.
 */
public final class TruncateVsMerge extends LifecycleScenario {
    /** For ServiceLoader. */
    public TruncateVsMerge() {
        super(
                "truncate-vs-merge",
                "TRUNCATE TABLE against the background merge, a writer and a reader",
                List.of());
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> {
                    client.truncate(TABLE);
                    client.insert(TABLE, 0, VALUE);
                },
                client -> {
                    client.insert(TABLE, 5, VALUE);
                    client.read(TABLE, 1);
                    client.scan(TABLE, VALUE);
                });
    }
}
