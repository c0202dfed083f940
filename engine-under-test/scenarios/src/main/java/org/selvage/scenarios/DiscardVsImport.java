package org.selvage.scenarios;

import java.util.List;

/** DISCARD and IMPORT TABLESPACE of one table by two clients. */
public final class DiscardVsImport extends LifecycleScenario {
    /** For ServiceLoader. */
    public DiscardVsImport() {
        super(
                "discard-vs-import",
                "DISCARD and IMPORT TABLESPACE by two clients, with the background merge",
                List.of());
    }

    @Override
    boolean exports() {
        return true;
    }

    @Override
    List<Work> clients() {
        return List.of(
                client -> {
                    client.discard(TABLE);
                    client.importTablespace(TABLE, imported());
                    client.read(TABLE, 1);
                },
                client -> {
                    client.importTablespace(TABLE, imported());
                    client.insert(TABLE, 5, VALUE);
                    client.discard(TABLE);
                });
    }
}
