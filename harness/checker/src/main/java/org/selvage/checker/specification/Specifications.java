package org.selvage.checker.specification;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The specifications that ship with the checker, by name. */
public final class Specifications {
    private Specifications() {}

    /**
     * All shipped specifications. The semaphore starts with one permit, the bank with two accounts
     * of 10.
     */
    public static List<Specification<?>> all() {
        List<Specification<?>> all = new ArrayList<>();
        all.add(new Register());
        all.add(new CasRegister());
        all.add(new MultiRegister());
        all.add(new KeyValueMap());
        all.add(new StringMap());
        all.add(new SetOfValues());
        all.add(new FifoQueue());
        all.add(new LifoStack());
        all.add(new MinPriorityQueue());
        all.add(new Counter());
        all.add(new Mutex());
        all.add(new Semaphore(1));
        all.add(new AppendLog());
        all.add(new Bank(List.of(10L, 10L)));
        all.add(new TablespaceLifecycle());
        return all;
    }

    /** The shipped specification with this name, empty when there is none. */
    public static Optional<Specification<?>> named(String name) {
        for (Specification<?> specification : all()) {
            if (specification.name().equals(name)) {
                return Optional.of(specification);
            }
        }
        return Optional.empty();
    }
}
