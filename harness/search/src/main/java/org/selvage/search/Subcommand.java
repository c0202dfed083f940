package org.selvage.search;

import java.io.PrintWriter;
import java.util.List;

/**
 * A subcommand that a program under test adds to the selvage command. Found through {@link
 * java.util.ServiceLoader}.
 */
public interface Subcommand {
    /** Its name on the command line. */
    String name();

    /** What it does, in one line. */
    String summary();

    /**
     * Runs it on ordinary threads: the program is not woven.
     *
     * @param arguments what follows the name
     * @param out for results
     * @param err for progress and complaints
     * @return the exit status: 0 done, 1 something was found, 2 the arguments or the input are
     *     wrong, 3 the tool failed
     */
    int run(List<String> arguments, PrintWriter out, PrintWriter err);
}
