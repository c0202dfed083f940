package org.selvage.engine.event;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.selvage.engine.page.PageId;

/**
 * A page came from its file, from the request to the end of the file operation; its check and the
 * merge into it come after (buf_read_page_low).
 */
@Name("org.selvage.engine.PageRead")
@Label("Page Read")
@Category({"Selvage", "Buffer Pool"})
@StackTrace(false)
public final class PageReadEvent extends Event {
    @Label("Space Id")
    int space;

    @Label("Page Number")
    int page;

    @Label("Asynchronous")
    boolean asynchronous;

    /** An event that begins now. */
    public static PageReadEvent started() {
        PageReadEvent event = new PageReadEvent();
        event.begin();
        return event;
    }

    /** The event ends now. */
    public void ended(PageId id, boolean wasAsynchronous) {
        if (shouldCommit()) {
            space = id.spaceId();
            page = id.pageNo();
            asynchronous = wasAsynchronous;
            commit();
        }
    }
}
