package org.selvage.checker.history;

import java.io.Serial;

/**
 * A history that cannot be read or is not well formed; the message is one line that says where and
 * what to do.
 */
public final class HistoryException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final int line;

    /**
     * @param source the file or another name of where the history comes from
     * @param line the line, counted from 1; 0 when the history has no lines
     * @param problem what is wrong there
     */
    public HistoryException(String source, int line, String problem) {
        super(source + (line > 0 ? ":" + line : "") + ": " + problem);
        this.line = line;
    }

    /** The line of the problem, counted from 1; 0 when the history has no lines. */
    public int line() {
        return line;
    }
}
