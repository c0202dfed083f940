package org.selvage.scenarios;

import java.util.List;

/** DROP TABLE while the page cleaner, and a client that needs frames, write the table's pages. */
public final class DropVsPageCleaner extends LifecycleScenario {
    /** For ServiceLoader. */
    public DropVsPageCleaner() {
        super(
                "drop-vs-page-cleaner",
                "DROP TABLE against the writing of its dirty pages",
                List.of());
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> {
                    client.insert(TABLE, 3, VALUE);
                    client.drop(TABLE);
                    client.create(TABLE);
                },
                client -> {
                    client.insert(TABLE, 4, VALUE);
                    client.delete(TABLE, 0);
                    client.scan(TABLE, VALUE);
                });
    }
}
