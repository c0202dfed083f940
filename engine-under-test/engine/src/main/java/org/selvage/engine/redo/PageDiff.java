package org.selvage.engine.redo;

import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageType;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds what a mini-transaction changed on a page and logs it: the differing runs of bytes, and for
 * an index page that won or lost one record the move of its directory. Checksum, LSN and trailer
 * are left out, since recovery writes them itself.
 *
 * <p>InnoDB logs each change where it is made. Comparing images instead cannot forget a change; it
 * costs one copy of the page for each mini-transaction that changes it.
 */
final class PageDiff {
    /** Equal bytes that are logged rather than beginning another run. */
    private static final int JOIN = 5;

    // The directory of index.IndexPage, drawn in FORMAT.md; this package does not know that class.
    private static final int RECORD_COUNT = PageHeader.DATA;
    private static final int SLOT = 2;

    private PageDiff() {}

    /**
     * Logs the page's changes.
     *
     * @param before the page's bytes before the change, which are overwritten; null when it was
     *     created, so that it was zeros
     */
    static void log(LogRecord record, byte[] before, byte[] after, boolean init) {
        if (!init) {
            logDirectoryMove(record, before, after);
        }
        logRange(record, before, after, PageHeader.PAGE_NO, PageHeader.LSN);
        logRange(record, before, after, PageHeader.LSN + 8, after.length - PageHeader.TRAILER);
    }

    private static void logDirectoryMove(LogRecord record, byte[] before, byte[] after) {
        ByteBuffer old = ByteBuffer.wrap(before);
        ByteBuffer now = ByteBuffer.wrap(after);
        if (PageHeader.typeCode(old) != PageType.INDEX.code()
                || PageHeader.typeCode(now) != PageType.INDEX.code()) {
            return;
        }
        int oldCount = old.getShort(RECORD_COUNT) & 0xFFFF;
        int change = (now.getShort(RECORD_COUNT) & 0xFFFF) - oldCount;
        if (Math.abs(change) != 1 || oldCount < 4) {
            return;
        }
        int end = after.length - PageHeader.TRAILER;
        int common = Math.min(oldCount, oldCount + change);
        int position = 0;
        while (position < common && sameSlot(old, now, end - SLOT * (position + 1))) {
            position++;
        }
        int moved = change > 0 ? oldCount - position : oldCount - 1 - position;
        int from = end - SLOT * oldCount;
        int to = from - SLOT * change;
        if (moved > 2) {
            record.move(from, to, moved * SLOT);
            System.arraycopy(before, from, before, to, moved * SLOT);
        }
    }

    private static boolean sameSlot(ByteBuffer old, ByteBuffer now, int offset) {
        return old.getShort(offset) == now.getShort(offset);
    }

    private static void logRange(LogRecord record, byte[] before, byte[] after, int from, int to) {
        int at = from;
        while (at < to) {
            int different = Arrays.mismatch(before, at, to, after, at, to);
            if (different < 0) {
                return;
            }
            int start = at + different;
            int end = endOfRun(before, after, start, to);
            record.write(after, start, end - start);
            at = end;
        }
    }

    private static int endOfRun(byte[] before, byte[] after, int start, int to) {
        int end = start + 1;
        int at = end;
        while (at < to && at - end < JOIN) {
            if (before[at] != after[at]) {
                end = at + 1;
            }
            at++;
        }
        return end;
    }
}
