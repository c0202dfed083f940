package org.selvage.engine.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A checkpoint with the fsyncs before it (log_checkpoint). */
@Name("org.selvage.engine.Checkpoint")
@Label("Checkpoint")
@Category({"Selvage", "Redo Log"})
@StackTrace(false)
public final class CheckpointEvent extends Event {
    @Label("Number")
    long number;

    @Label("LSN")
    long lsn;

    @Label("Bytes Released")
    @DataAmount
    long released;

    /** An event that begins now. */
    public static CheckpointEvent started() {
        CheckpointEvent event = new CheckpointEvent();
        event.begin();
        return event;
    }

    /**
     * The event ends now.
     *
     * @param count number of the checkpoint in this folder
     * @param fromLsn the checkpoint before
     * @param toLsn this one
     */
    public void ended(long count, long fromLsn, long toLsn) {
        if (shouldCommit()) {
            number = count;
            lsn = toLsn;
            released = toLsn - fromLsn;
            commit();
        }
    }
}
