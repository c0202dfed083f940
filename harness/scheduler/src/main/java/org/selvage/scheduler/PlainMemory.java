package org.selvage.scheduler;

import org.jspecify.annotations.Nullable;
import org.selvage.hooks.ArrayShadow;
import org.selvage.hooks.Carrier;
import org.selvage.hooks.CollectionCalls;
import org.selvage.hooks.CollectionShadow;
import org.selvage.hooks.OperationKind;
import org.selvage.hooks.SharedReads;
import org.selvage.hooks.Sites;

/**
 * Accesses to fields that are neither volatile nor final, and to arrays.
 *
 * <p>Such an access is a point only if it races: in this execution, or in an earlier one, where
 * perhaps the other of the two accesses was the later one. Accesses that synchronisation orders
 * need none, since whoever could run in between could as well run where the synchronisation is; the
 * carrier does not even tell of them.
 *
 * <p>What an execution does must not depend on the ones before it, or it could not be replayed. So
 * each access counts as an operation of its task, whether it is a point or not, and a replay makes
 * a point of an access where its schedule has a draw.
 */
final class PlainMemory {
    private final Execution execution;
    private final Carrier carrier;
    private final SharedReads reads;
    private final Races races = new Races();
    private final DataRaces dataRaces = new DataRaces();

    PlainMemory(Execution execution, Carrier carrier) {
        this.execution = execution;
        this.carrier = carrier;
        this.reads = carrier.sharedReads();
    }

    /** An execution begins. */
    void begin() {
        races.clear();
        carrier.tell(races.ids());
    }

    DataRaces dataRaces() {
        return dataRaces;
    }

    int raceCount() {
        return races.count();
    }

    /** A field is about to be accessed. */
    void announce(
            Task task,
            @Nullable Object object,
            long written,
            long touched,
            boolean write,
            int field,
            int site) {
        if (task.classInitializers > 0) {
            return;
        }
        task.operations += 1 + carrier.takeSkipped();
        boolean race = reads.isRace(written, touched, write, task.epoch, task.clock);
        if (dataRaces.isWatching()) {
            meet(task, object, field, write, site);
        }
        if (isPoint(task, race, field)) {
            point(task, object, write, site, 0);
        }
        task.pending = null;
    }

    /** A field is accessed; returns the epoch to note for it. */
    long access(Task task, long written, long touched, boolean write, int field) {
        if (task.classInitializers > 0) {
            return 0L; // the JVM orders an initialiser before all that use the class
        }
        boolean race = reads.isRace(written, touched, write, task.epoch, task.clock);
        if (race) {
            learn(field);
        }
        effect(task, race, field);
        return write ? task.epoch : reads.afterRead(touched, task.epoch, task.clock);
    }

    /** An element of an array is accessed. */
    void element(Task task, Object array, int index, boolean write, int site) {
        if (task.classInitializers > 0) {
            return;
        }
        task.operations += 1 + carrier.takeSkipped();
        ArrayShadow shadow = races.of(array);
        if (!shadow.contains(index)) {
            return; // the access itself fails
        }
        if (dataRaces.isWatching()) {
            meet(task, shadow.element(index), 0, write, site);
        }
        if (isPoint(task, isRace(task, shadow, index, write), site)) {
            point(task, shadow.element(index), write, site, 0);
        }
        task.pending = null;
        boolean race = learnAndNote(task, shadow, index, write, site);
        carrier.show(array, shadow);
        effect(task, race, site);
    }

    /**
     * An element is accessed by a method of the JDK, which goes through a range of them; the
     * operation is numbered behind the task's last one, and counted once the method returns.
     *
     * @param first whether it is the first element of the operation; the others are no points
     */
    void inRange(
            Task task,
            Object array,
            int index,
            boolean write,
            int site,
            int operation,
            boolean first) {
        if (task.classInitializers > 0) {
            return;
        }
        task.operations += carrier.takeSkipped();
        int before = task.operations;
        if (first) {
            task.operations += operation;
            element(task, array, index, write, site);
            task.operations = before;
            return;
        }
        ArrayShadow shadow = races.of(array);
        if (dataRaces.isWatching()) {
            meet(task, shadow.element(index), 0, write, site);
            task.pending = null;
        }
        boolean race = learnAndNote(task, shadow, index, write, site);
        if (race || races.contains(site)) {
            execution.touched(
                    write ? OperationKind.WRITE : OperationKind.READ, shadow.element(index));
        }
    }

    /** What is known of the elements of an array; from now on the carrier knows it, too. */
    ArrayShadow shadow(Object array) {
        ArrayShadow shadow = races.of(array);
        carrier.show(array, shadow);
        return shadow;
    }

    /**
     * A field is accessed otherwise than by name, of which its epochs do not tell: all accesses by
     * name are points from now on.
     */
    void shareField(int field) {
        learn(field);
    }

    /** An element is accessed otherwise than by name: that those race is seen by them alone. */
    void noteElement(Task task, ArrayShadow shadow, int index, boolean write, int site) {
        if (task.classInitializers == 0) {
            learnAndNote(task, shadow, index, write, site);
        }
    }

    /** Notes that the task accesses an element; returns whether that races. */
    private boolean learnAndNote(
            Task task, ArrayShadow shadow, int index, boolean write, int site) {
        boolean race = isRace(task, shadow, index, write);
        if (race) {
            learn(site);
            if (reads.races(shadow.written(index), task.epoch, task.clock)) {
                learn(shadow.writeSite(index));
            }
            if (write && reads.races(shadow.touched(index), task.epoch, task.clock)) {
                learn(shadow.touchSite(index));
            }
        }
        long touched =
                write ? task.epoch : reads.afterRead(shadow.touched(index), task.epoch, task.clock);
        shadow.note(index, task.epoch, touched, write, site);
        return race;
    }

    /**
     * A collection of the JDK is called; returns whether the accesses in the call are points. They
     * are once the call has raced, or the collection has been left in a state that may be broken.
     */
    boolean call(Task task, CollectionShadow shadow, boolean write, int site, int draw) {
        task.operations += carrier.takeSkippedInCall();
        boolean race =
                reads.isRace(shadow.written(), shadow.touched(), write, task.epoch, task.clock);
        if (race) {
            shadow.race();
            learn(site);
            if (reads.races(shadow.written(), task.epoch, task.clock)) {
                learn(shadow.writeSite());
            }
            if (write && reads.races(shadow.touched(), task.epoch, task.clock)) {
                learn(shadow.touchSite());
            }
        }
        shadow.note(
                task.epoch,
                write ? task.epoch : reads.afterRead(shadow.touched(), task.epoch, task.clock),
                write,
                site);
        if (execution.isFair()) {
            return shadow.hasRaced(); // which races are known must not decide who runs
        }
        return shadow.hasRaced()
                || races.contains(site)
                || execution
                        .choices()
                        .drawsInCall(task.id, task.operations, draw, CollectionCalls.ACCESSES);
    }

    /** A variable inside a collection is accessed, in a call whose accesses are points. */
    void inside(Task task, CollectionShadow shadow, DataRaces.Pending access, int draw) {
        if (execution.isFair() || draw < 0) {
            execution.countPlainStep(); // a broken collection may have no end
            return;
        }
        if (dataRaces.isWatching()) {
            dataRaces.meet(execution, task, access);
            task.pending = access;
        }
        point(task, shadow.collection(), access.write(), access.site(), draw);
        task.pending = null;
        if (access.write()) {
            execution.noteChange();
        }
        task.racing = shadow.hasRaced();
        execution.effect(task);
        task.racing = true;
    }

    private void meet(Task task, @Nullable Object object, int field, boolean write, int site) {
        DataRaces.Pending access = new DataRaces.Pending(object, field, write, site);
        dataRaces.meet(execution, task, access);
        task.pending = access;
    }

    private boolean isRace(Task task, ArrayShadow shadow, int index, boolean write) {
        return reads.isRace(
                shadow.written(index), shadow.touched(index), write, task.epoch, task.clock);
    }

    private boolean isPoint(Task task, boolean race, int id) {
        if (execution.isFair()) {
            return false; // which races are known must not decide who runs
        }
        return race || races.contains(id) || execution.choices().drawsAt(task.id, task.operations);
    }

    private void learn(int id) {
        if (races.add(id)) {
            carrier.tell(races.ids());
        }
    }

    private void point(Task task, @Nullable Object object, boolean write, int site, int draw) {
        task.kind = write ? OperationKind.WRITE : OperationKind.READ;
        task.object = object == null ? Sites.get(site).target() : object;
        task.site = site;
        task.draws = draw;
        execution.countPlainStep();
        execution.point(task);
    }

    private void effect(Task task, boolean race, int id) {
        if (race || races.contains(id)) {
            task.racing = race;
            execution.effect(task);
            task.racing = true;
        }
    }
}
