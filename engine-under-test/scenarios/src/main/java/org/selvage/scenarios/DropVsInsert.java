package org.selvage.scenarios;

import java.util.List;

/** DROP TABLE against writers: a dropped table stays dropped. */
public final class DropVsInsert extends LifecycleScenario {
    /** For ServiceLoader. */
    public DropVsInsert() {
        super(
                "drop-vs-insert",
                "DROP TABLE against inserts and deletes on the table",
                List.of(Defects.RESURRECTED_TABLE));
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> client.drop(TABLE),
                client -> {
                    client.insert(TABLE, 10, VALUE);
                    client.insert(TABLE, 11, VALUE);
                },
                client -> {
                    client.delete(TABLE, 0);
                    client.scan(TABLE, VALUE);
                });
    }
}
