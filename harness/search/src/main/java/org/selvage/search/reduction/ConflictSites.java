package org.selvage.search.reduction;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.selvage.hooks.Sites;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Task;

/**
 * The places in a program whose operations conflict with those of another task, as far as
 * executions have shown: both access one variable, and not both read it.
 *
 * <p>A preemption right before any other operation need not be tried. The operation is independent
 * of all that happens between the preemption and the moment it is taken after all, so it may as
 * well be taken first: the preemption moves behind it, and there are no more of them than before.
 * Giving a mutex back counts as no access here, as it is no scheduling point either: what happens
 * before it cannot need the mutex.
 *
 * <p>That holds of places which have not conflicted in <em>any</em> execution, so a search that
 * left out preemptions has to be repeated when a place is added later, {@link Shared#version}
 * tells.
 */
public final class ConflictSites {
    /** The places that several searches of one program have found together. */
    public static final class Shared {
        private final Set<Sites.Site> sites = ConcurrentHashMap.newKeySet();
        private final AtomicInteger version = new AtomicInteger();

        /** A number that grows whenever a place is added. */
        public int version() {
            return version.get();
        }

        /** How many places conflict. */
        public int size() {
            return sites.size();
        }

        /**
         * A number that is equal for equal sets of places, also in another JVM that runs the same
         * program.
         */
        public long fingerprint() {
            long sum = 0L;
            for (Sites.Site site : sites) {
                long hash = 1125899906842597L;
                String text = site.className() + site.method() + ":" + site.line() + site.target();
                for (int i = 0; i < text.length(); i++) {
                    hash = 31 * hash + text.charAt(i);
                }
                sum += hash;
            }
            return sum;
        }
    }

    private static final int NOBODY = -1;
    private static final int SEVERAL = -2;

    private final Shared shared;
    private final BitSet conflicting = new BitSet();
    private final BitSet asked = new BitSet();
    private int askedAt = -1;

    // Per variable of the execution.
    private int[] accessor = new int[64];
    private boolean[] written = new boolean[64];

    /** Pairs of a variable and a place. */
    private final Ints uses = new Ints(256);

    /** By task: the place of its last operation that has one. */
    private int[] places = new int[8];

    /** Makes the view of one search. */
    public ConflictSites(Shared shared) {
        this.shared = shared;
        begin();
    }

    void begin() {
        Arrays.fill(accessor, NOBODY);
        Arrays.fill(written, false);
        Arrays.fill(places, 0);
        uses.clear();
    }

    void operation(Execution execution, Task task) {
        int id = task.id();
        if (id >= places.length) {
            places = Arrays.copyOf(places, Math.max(id + 1, places.length * 2));
        }
        if (task.site() != 0) {
            places[id] = task.site();
        }
    }

    void access(int task, int name, int access) {
        int variable = Access.variable(access);
        int mode = Access.mode(access);
        if (mode == Access.RELEASE) {
            return;
        }
        if (variable >= accessor.length) {
            int old = accessor.length;
            accessor = Arrays.copyOf(accessor, Math.max(variable + 1, old * 2));
            Arrays.fill(accessor, old, accessor.length, NOBODY);
            written = Arrays.copyOf(written, accessor.length);
        }
        if (accessor[variable] == NOBODY) {
            accessor[variable] = name;
        } else if (accessor[variable] != name) {
            accessor[variable] = SEVERAL;
        }
        written[variable] |= mode != Access.READ;
        int place = task < places.length ? places[task] : 0;
        if (place != 0) {
            uses.add(variable);
            uses.add(place);
        }
    }

    /** The execution has ended; whether it has shown a place that was not known. */
    public boolean end() {
        boolean grown = false;
        for (int i = 0; i < uses.size; i += 2) {
            int variable = uses.get(i);
            int place = uses.get(i + 1);
            if (accessor[variable] == SEVERAL && written[variable] && !conflicting.get(place)) {
                conflicting.set(place);
                if (shared.sites.add(Sites.get(place))) {
                    shared.version.incrementAndGet();
                    grown = true;
                }
            }
        }
        return grown;
    }

    /** Whether what a task is about to do may conflict with another task. */
    public boolean mayConflict(Task task) {
        int site = task.site();
        if (site == 0) {
            return true;
        }
        if (conflicting.get(site)) {
            return true;
        }
        int version = shared.version();
        if (version != askedAt) {
            askedAt = version;
            asked.clear();
        }
        if (asked.get(site)) {
            return false;
        }
        if (shared.sites.contains(Sites.get(site))) {
            conflicting.set(site);
            return true;
        }
        asked.set(site);
        return false;
    }
}
