package org.selvage.scenarios;

import java.util.List;

/**
 * Writers against index scans on a table that stays: no row is lost, seen twice or seen too late.
 */
public final class InsertVsScan extends LifecycleScenario {
    /** For ServiceLoader. */
    public InsertVsScan() {
        super(
                "insert-vs-scan",
                "inserts and deletes of rows against index scans, with buffered changes being merged",
                List.of(Defects.LOST_INSERT));
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> {
                    client.insert(TABLE, 10, VALUE);
                    client.delete(TABLE, 0);
                },
                client -> {
                    client.insert(TABLE, 11, VALUE);
                    client.insert(TABLE, 12, VALUE);
                },
                client -> {
                    client.scan(TABLE, VALUE);
                    client.scan(TABLE, VALUE);
                });
    }
}
