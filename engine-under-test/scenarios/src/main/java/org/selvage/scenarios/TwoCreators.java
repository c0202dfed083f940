package org.selvage.scenarios;

import java.util.List;

/** Two creations of one name: one of them is refused, unless a drop came between. */
public final class TwoCreators extends LifecycleScenario {
    /** For ServiceLoader. */
    public TwoCreators() {
        super(
                "two-creators",
                "two clients create one name and insert the same row, and a third drops it",
                List.of());
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> {
                    client.drop(TABLE);
                    client.create(TABLE);
                    client.insert(TABLE, 3, VALUE);
                },
                client -> {
                    client.create(TABLE);
                    client.insert(TABLE, 3, VALUE);
                },
                client -> client.scan(TABLE, VALUE));
    }
}
