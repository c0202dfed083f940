package org.selvage.engine.event;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import org.selvage.engine.page.PageId;

/**
 * A thread waited long for a page's latch: 10 ms or what the recording's settings say. The stack
 * trace shows who (a row of the SEMAPHORES section of SHOW ENGINE INNODB STATUS).
 */
@Name("org.selvage.engine.LatchWait")
@Label("Latch Wait")
@Category({"Selvage", "Buffer Pool"})
@Threshold("10 ms")
public final class LatchWaitEvent extends Event {
    @Label("Space Id")
    int space;

    @Label("Page Number")
    int page;

    @Label("Exclusive")
    boolean exclusive;

    /** An event that begins now. */
    public static LatchWaitEvent started() {
        LatchWaitEvent event = new LatchWaitEvent();
        event.begin();
        return event;
    }

    /** The event ends now. */
    public void ended(PageId id, boolean wantedX) {
        if (shouldCommit()) {
            space = id.spaceId();
            page = id.pageNo();
            exclusive = wantedX;
            commit();
        }
    }
}
