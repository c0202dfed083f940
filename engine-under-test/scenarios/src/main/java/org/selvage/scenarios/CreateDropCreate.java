package org.selvage.scenarios;

import java.util.List;

/** DROP and CREATE of one name: nothing of the old table may show in the new one. */
public final class CreateDropCreate extends LifecycleScenario {
    /** For ServiceLoader. */
    public CreateDropCreate() {
        super(
                "create-drop-create",
                "one name dropped and created again, under readers and writers of it",
                List.of());
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> {
                    client.drop(TABLE);
                    client.create(TABLE);
                    client.insert(TABLE, 1, VALUE);
                },
                client -> {
                    client.insert(TABLE, 5, VALUE);
                    client.read(TABLE, 0);
                    client.scan(TABLE, VALUE);
                });
    }
}
