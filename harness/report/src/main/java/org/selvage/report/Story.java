package org.selvage.report;

import java.util.List;
import org.selvage.search.Trace;

/** An execution as a short story: one column for each task that takes part, one line for each operation that matters. */
public final class Story {
    private Story() {}

    /**
     * Tells an execution.
     *
     * @param width the number of columns, at least 60
     * @param colour whether the lines carry ANSI colours
     */
    public static List<String> lines(Trace trace, int width, boolean colour) {
        throw new UnsupportedOperationException();
    }
}
