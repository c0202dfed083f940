package org.selvage.engine.event;

import java.nio.ByteBuffer;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;

/**
 * A page went to its place in its file, from the request to the end of the file operation; the log
 * and the doublewrite file were written before (buf_flush_write_block_low).
 */
@Name("org.selvage.engine.PageWrite")
@Label("Page Write")
@Category({"Selvage", "Buffer Pool"})
@StackTrace(false)
public final class PageWriteEvent extends Event {
    @Label("Space Id")
    int space;

    @Label("Page Number")
    int page;

    @Label("LSN")
    long lsn;

    @Label("Asynchronous")
    boolean asynchronous;

    /** An event that begins now. */
    public static PageWriteEvent started() {
        PageWriteEvent event = new PageWriteEvent();
        event.begin();
        return event;
    }

    /**
     * The event ends now.
     *
     * @param frame the page
     */
    public void ended(PageId id, ByteBuffer frame, boolean wasAsynchronous) {
        if (shouldCommit()) {
            space = id.spaceId();
            page = id.pageNo();
            lsn = PageHeader.lsn(frame);
            asynchronous = wasAsynchronous;
            commit();
        }
    }
}
