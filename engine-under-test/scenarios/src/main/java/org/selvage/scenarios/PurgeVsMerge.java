package org.selvage.scenarios;

import java.util.List;
import org.selvage.engine.EngineConfig;

/**
 * The purge of index records whose leaf is not in the pool, through the change buffer and under a
 * watch, against merges of that leaf, a scan that reads it, and a row that comes back.
 */
public final class PurgeVsMerge extends LifecycleScenario {
    /** Enough for index leaves below the root. */
    private static final int ROWS = 40;

    /** For ServiceLoader. */
    public PurgeVsMerge() {
        super(
                "purge-vs-merge",
                "buffered purges of an index leaf against its merge, a scan and a new row",
                List.of(),
                ROWS);
    }

    @Override
    EngineConfig.Builder configure(EngineConfig.Builder builder) {
        return builder.purge(true);
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> {
                    client.delete(TABLE, 30);
                    client.delete(TABLE, 31);
                },
                client -> {
                    client.delete(TABLE, 32);
                    client.insert(TABLE, 31, VALUE);
                });
    }
}
