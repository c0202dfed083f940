package org.selvage.cli;

import java.io.Console;

/** What is at the other end of the standard output. */
final class Terminal {
    /** Columns of a report. */
    static final int WIDTH = 100;

    private Terminal() {}

    /** Whether it is a terminal, so that colours and progress may be shown. */
    @SuppressWarnings("SystemConsoleNull") // declared nullable still
    static boolean isColoured() {
        Console console = System.console();
        return console != null && console.isTerminal() && System.getenv("NO_COLOR") == null;
    }
}
