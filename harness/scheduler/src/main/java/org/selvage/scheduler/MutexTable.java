package org.selvage.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Mutexes by the identity of their objects, and of the fields that are variables of their own: open
 * addressing, cleared for each execution.
 */
final class MutexTable {
    /** More than this many are left to the collector. */
    private static final int MAX_POOL = 1 << 10;

    /** Mutexes of this and earlier executions, to be used again. */
    private final ArrayList<Mutex> pool = new ArrayList<>();

    private @Nullable Mutex[] table = new @Nullable Mutex[64];
    private int count;

    /**
     * The mutex that was asked for last: taking and releasing a lock asks for it several times in a
     * row.
     */
    private @Nullable Mutex last;

    Mutex of(Object object) {
        return of(object, null);
    }

    /** The clock of a field of an object, or the mutex of the object as a whole. */
    Mutex of(Object object, @Nullable String field) {
        Mutex recent = last;
        if (recent != null && recent.object == object && recent.field == field) {
            return recent;
        }
        Mutex found = lookUp(object, field);
        last = found;
        return found;
    }

    private Mutex lookUp(Object object, @Nullable String field) {
        @Nullable Mutex[] mutexes = table;
        int mask = mutexes.length - 1;
        int i = hash(object, field) & mask;
        while (true) {
            Mutex mutex = mutexes[i];
            if (mutex == null) {
                return add(object, field, i);
            }
            if (mutex.object == object && mutex.field == field) {
                return mutex;
            }
            i = (i + 1) & mask;
        }
    }

    private static int hash(Object object, @Nullable String field) {
        int hash = System.identityHashCode(object);
        return field == null ? hash : hash * 31 + System.identityHashCode(field);
    }

    @Nullable Mutex find(Object object) {
        int mask = table.length - 1;
        int i = System.identityHashCode(object) & mask;
        while (true) {
            Mutex mutex = table[i];
            if (mutex == null || (mutex.object == object && mutex.field == null)) {
                return mutex;
            }
            i = (i + 1) & mask;
        }
    }

    private Mutex add(Object object, @Nullable String field, int index) {
        Mutex mutex;
        if (count < pool.size()) {
            mutex = pool.get(count);
            mutex.reuse(object, field);
        } else {
            mutex = new Mutex(object, field);
            if (count < MAX_POOL) {
                pool.add(mutex);
            }
        }
        table[index] = mutex;
        count++;
        if (count * 2 > table.length) {
            grow();
        }
        return mutex;
    }

    private void grow() {
        @Nullable Mutex[] old = table;
        table = new @Nullable Mutex[old.length * 2];
        int mask = table.length - 1;
        for (Mutex mutex : old) {
            if (mutex != null) {
                int i = hash(mutex.object, mutex.field) & mask;
                while (table[i] != null) {
                    i = (i + 1) & mask;
                }
                table[i] = mutex;
            }
        }
    }

    void clear() {
        last = null;
        if (count > 0) {
            Arrays.fill(table, null);
            count = 0;
        }
    }
}
