package org.selvage.scenarios;

import java.util.List;
import org.selvage.engine.EngineConfig;

/**
 * DROP TABLE against read-ahead: the reads may end, and merge, when the statement that began them
 * is over and the table is going.
 */
public final class DropVsReadAhead extends LifecycleScenario {
    /** With {@link #PADDING}, some areas of leaves that are neighbours in the file. */
    private static final int ROWS = 48;

    private static final int PADDING = 80;

    /** Makes areas of two pages. */
    private static final int POOL_PAGES = 64;

    /** For ServiceLoader. */
    public DropVsReadAhead() {
        super(
                "drop-vs-read-ahead",
                "DROP TABLE against the read-ahead that point reads have begun",
                List.of(Defects.STALE_READ),
                ROWS);
    }

    @Override
    int padding() {
        return PADDING;
    }

    @Override
    EngineConfig.Builder configure(EngineConfig.Builder builder) {
        return builder.readAheadThreshold(64);
    }

    @Override
    int poolPages() {
        return POOL_PAGES;
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> {
                    // Rows of the first two leaves: the next two are read ahead, and nobody waits.
                    client.read(TABLE, 0);
                    client.read(TABLE, 4);
                    client.drop(TABLE);
                },
                client -> {
                    client.read(TABLE, 0);
                    client.read(TABLE, 8);
                    client.read(TABLE, 0);
                });
    }
}
