package org.selvage.cli;

/** What is at the other end of the standard output. */
final class Terminal {
    /** Columns of a report. */
    static final int WIDTH = 100;

    private Terminal() {}

    /** Whether it is a terminal, so that colours and progress may be shown. */
    static boolean isColoured() {
        return System.console().isTerminal() && System.getenv("NO_COLOR") == null;
    }
}
