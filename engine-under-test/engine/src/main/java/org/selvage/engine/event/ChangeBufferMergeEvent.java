package org.selvage.engine.event;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.selvage.engine.page.PageId;

/**
 * The changes buffered for a page were applied to it, or discarded because it will never be read
 * (ibuf_merge_or_delete_for_page).
 */
@Name("org.selvage.engine.ChangeBufferMerge")
@Label("Change Buffer Merge")
@Category({"Selvage", "Change Buffer"})
@StackTrace(false)
public final class ChangeBufferMergeEvent extends Event {
    @Label("Space Id")
    int space;

    @Label("Page Number")
    int page;

    @Label("Changes Applied")
    long applied;

    @Label("Changes Discarded")
    long discarded;

    /** An event that begins now. */
    public static ChangeBufferMergeEvent started() {
        ChangeBufferMergeEvent event = new ChangeBufferMergeEvent();
        event.begin();
        return event;
    }

    /**
     * The event ends now.
     *
     * @param appliedOfKind changes applied, for each kind of operation
     * @param discardedOfKind changes thrown away, for each kind of operation
     */
    public void ended(PageId id, long[] appliedOfKind, long[] discardedOfKind) {
        if (shouldCommit()) {
            space = id.spaceId();
            page = id.pageNo();
            applied = sum(appliedOfKind);
            discarded = sum(discardedOfKind);
            commit();
        }
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
