package org.selvage.scenarios;

import java.util.List;

/** RENAME TABLE moves the file of a tablespace whose changes are being merged. */
public final class RenameVsMerge extends LifecycleScenario {
    /** For ServiceLoader. */
    public RenameVsMerge() {
        super(
                "rename-vs-merge",
                "RENAME TABLE against the background merge and writers of both names",
                List.of());
    }

    @Override
    void observe(Client observer) {
        observer.scan(OTHER, VALUE);
        super.observe(observer);
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> {
                    client.rename(TABLE, OTHER);
                    client.insert(OTHER, 1, VALUE);
                    client.read(OTHER, 0);
                },
                client -> {
                    client.insert(TABLE, 5, VALUE);
                    client.scan(OTHER, VALUE);
                });
    }
}
