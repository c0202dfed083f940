package org.selvage.scenarios;

import java.util.List;

/** DROP TABLE against readers: no row is seen once the drop has returned. */
public final class DropVsRead extends LifecycleScenario {
    /** For ServiceLoader. */
    public DropVsRead() {
        super(
                "drop-vs-read",
                "DROP TABLE against point reads and an index scan of the table",
                List.of(Defects.STALE_READ));
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> client.drop(TABLE),
                client -> {
                    client.read(TABLE, 0);
                    client.read(TABLE, 1);
                },
                client -> {
                    client.scan(TABLE, VALUE);
                    client.read(TABLE, 0);
                });
    }
}
