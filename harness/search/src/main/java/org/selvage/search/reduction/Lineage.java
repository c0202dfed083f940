package org.selvage.search.reduction;

import java.util.ArrayList;
import java.util.List;

/**
 * Names of tasks: the first has 0, and the n-th task that some task starts has the same name in
 * every execution.
 */
final class Lineage {
    private final List<Ints> children = new ArrayList<>();
    private final Ints started = new Ints(8);

    Lineage() {
        add();
    }

    private int add() {
        children.add(new Ints(2));
        started.add(0);
        return children.size() - 1;
    }

    /** Nothing is started in the next execution yet. */
    void restart() {
        java.util.Arrays.fill(started.values, 0, started.size, 0);
    }

    int first() {
        return 0;
    }

    /** The name of the next task that this one starts. */
    int child(int parent) {
        Ints known = children.get(parent);
        int index = started.values[parent]++;
        if (index == known.size) {
            int name = add();
            known.add(name);
        }
        return known.get(index);
    }
}
