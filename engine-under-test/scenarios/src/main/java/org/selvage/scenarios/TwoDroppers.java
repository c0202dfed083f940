package org.selvage.scenarios;

import java.util.List;

/** Two drops of one name: each table is dropped once. */
public final class TwoDroppers extends LifecycleScenario {
    /** For ServiceLoader. */
    public TwoDroppers() {
        super("two-droppers", "two clients drop one table as a third makes it again", List.of());
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> client.drop(TABLE),
                client -> {
                    client.drop(TABLE);
                    client.read(TABLE, 0);
                },
                client -> {
                    client.create(TABLE);
                    client.insert(TABLE, 0, VALUE);
                });
    }
}
