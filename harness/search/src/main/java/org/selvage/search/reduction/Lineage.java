package org.selvage.search.reduction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Names of tasks: the first has 0, and the n-th task that some task starts has the same name in
 * every execution.
 */
final class Lineage {
    private final List<Ints> children = new ArrayList<>();
    private final Ints started = new Ints(8);

    private long[] identities = new long[8];

    Lineage() {
        add(1L);
    }

    private int add(long identity) {
        int name = children.size();
        children.add(new Ints(2));
        started.add(0);
        if (name == identities.length) {
            identities = Arrays.copyOf(identities, name * 2);
        }
        identities[name] = identity;
        return name;
    }

    /** A number that says who started the task as the how-manieth, and so on to the first. */
    long identity(int name) {
        return identities[name];
    }

    /** Nothing is started in the next execution yet. */
    void restart() {
        Arrays.fill(started.values, 0, started.size, 0);
    }

    int first() {
        return 0;
    }

    /** The name of the next task that this one starts. */
    int child(int parent) {
        Ints known = children.get(parent);
        int index = started.values[parent]++;
        if (index == known.size) {
            int name = add(TraceHash.mix(identities[parent], index + 1L));
            known.add(name);
        }
        return known.get(index);
    }
}
