package org.selvage.engine.tablespace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineException;
import org.selvage.engine.TablespaceMissingException;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchOrder;

/**
 * The tablespaces by id and by name, and the mutex that guards them (fil_system.mutex,
 * fil_system.spaces and fil_system.name_hash). {@link FilSystem} takes the same mutex for the
 * counters of files, so that a look-up and a count are one critical section.
 */
final class SpaceRegistry {
    private final ReentrantLock mutex;
    private final Map<Integer, FilSpace> spacesById = new LinkedHashMap<>();
    private final Map<String, FilSpace> spacesByName = new LinkedHashMap<>();

    SpaceRegistry(LatchOrder order) {
        this.mutex = order.mutex(LatchLevel.TABLESPACES);
    }

    /** Guards the maps, and whatever else {@link FilSystem} says. */
    ReentrantLock mutex() {
        return mutex;
    }

    /**
     * Refuses an id or a name that is taken.
     *
     * @throws EngineException when it is
     */
    void requireUnused(int spaceId, String name) {
        mutex.lock();
        try {
            if (spacesById.containsKey(spaceId) || spacesByName.containsKey(name)) {
                throw new EngineException(
                        "The tablespace exists already: space="
                                + spaceId
                                + " name="
                                + name
                                + ". Choose another name.");
            }
        } finally {
            mutex.unlock();
        }
    }

    void add(FilSpace space) {
        mutex.lock();
        try {
            spacesById.put(space.id(), space);
            spacesByName.put(space.name(), space);
        } finally {
            mutex.unlock();
        }
    }

    /** The tablespace with that id, also while it is being deleted. REQUIRES: the mutex is held. */
    @Nullable FilSpace get(int spaceId) {
        assert mutex.isHeldByCurrentThread();
        return spacesById.get(spaceId);
    }

    @Nullable FilSpace lookup(int spaceId) {
        mutex.lock();
        try {
            return spacesById.get(spaceId);
        } finally {
            mutex.unlock();
        }
    }

    @Nullable FilSpace lookup(String name) {
        mutex.lock();
        try {
            return spacesByName.get(name);
        } finally {
            mutex.unlock();
        }
    }

    List<FilSpace> spaces() {
        mutex.lock();
        try {
            return new ArrayList<>(spacesById.values());
        } finally {
            mutex.unlock();
        }
    }

    /** Looks the tablespace up and counts an operation on it, unless it is being deleted. */
    @Nullable FilSpace acquire(int spaceId) {
        mutex.lock();
        try {
            FilSpace space = spacesById.get(spaceId);
            return space != null && !space.beingTruncated && space.pendingOperations().acquire()
                    ? space
                    : null;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Looks the tablespace up and refuses new operations on it, in one critical section.
     *
     * @param stop how: false when another thread did so before
     * @throws TablespaceMissingException when there is none or another thread did so before
     */
    FilSpace stop(int spaceId, Predicate<FilSpace> stop) {
        mutex.lock();
        try {
            FilSpace space = spacesById.get(spaceId);
            if (space == null || !stop.test(space)) {
                throw new TablespaceMissingException(
                        spaceId,
                        "The tablespace to delete is missing or another thread deletes it: space="
                                + spaceId
                                + " known="
                                + (space != null)
                                + ".");
            }
            return space;
        } finally {
            mutex.unlock();
        }
    }

    /** Gives a tablespace another name, which is free. REQUIRES: the mutex is held. */
    void rename(FilSpace space, String name) {
        assert mutex.isHeldByCurrentThread();
        assert !spacesByName.containsKey(name) : "the name is taken: " + name;
        spacesByName.remove(space.name());
        space.rename(name);
        spacesByName.put(name, space);
    }

    /** Operations that were acquired and not released. */
    int pendingOperations(FilSpace space) {
        mutex.lock();
        try {
            return space.pendingOperations().count();
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Takes the tablespace out of the maps. REQUIRES: the mutex is held, and no operation is in
     * progress.
     */
    void remove(FilSpace space) {
        assert mutex.isHeldByCurrentThread();
        assert spacesById.get(space.id()) == space : "Another tablespace has the id";
        spacesById.remove(space.id());
        spacesByName.remove(space.name());
        space.detached = true;
    }
}
