package org.selvage.report;

import java.nio.file.Path;
import java.util.List;

/** What the command prints on a terminal at the end of a search. */
public final class TextReport {
    private TextReport() {}

    /** A finding, 100 columns wide, without colours and without files. */
    public static String finding(Finding finding) {
        return finding(finding, List.of(), 100, false);
    }

    /**
     * A finding; the last line is the command that reproduces it.
     *
     * @param written the files and folders that were written
     * @param width the number of columns, at least 60
     * @param colour whether the lines carry ANSI colours
     */
    public static String finding(
            Finding finding, List<Path> written, int width, boolean colour) {
        throw new UnsupportedOperationException();
    }

    /** What was covered by a search that found nothing, and no more than that. */
    public static String nothingFound(Coverage coverage) {
        throw new UnsupportedOperationException();
    }
}
