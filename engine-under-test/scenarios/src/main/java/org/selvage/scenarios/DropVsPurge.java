package org.selvage.scenarios;

import java.util.List;
import org.selvage.engine.EngineConfig;

/** DROP TABLE against the purge of what was delete-marked in the table. */
public final class DropVsPurge extends LifecycleScenario {
    /** For ServiceLoader. */
    public DropVsPurge() {
        super("drop-vs-purge", "DROP TABLE against the purge of rows deleted from it", List.of());
    }

    @Override
    EngineConfig.Builder configure(EngineConfig.Builder builder) {
        return builder.purge(true);
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> {
                    client.delete(TABLE, 0);
                    client.drop(TABLE);
                },
                client -> {
                    client.delete(TABLE, 1);
                    client.create(TABLE);
                });
    }
}
