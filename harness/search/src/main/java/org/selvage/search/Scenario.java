package org.selvage.search;

import java.util.List;
import java.util.Map;

/**
 * What is searched: a program with concurrent clients and what must hold of it. Found through
 * {@link java.util.ServiceLoader} and loaded by the weaving loader.
 *
 * <p>The shape is Jepsen's: {@link #prepare} runs once and sets the stage; {@link Program#execute}
 * is one execution from that stage on and throws when something does not hold. Both run on
 * controlled tasks, so both are deterministic.
 */
public interface Scenario {
    /** The name on the command line: lower case, words joined by hyphens. */
    String name();

    /** What happens in it, in one line. */
    String summary();

    /** The variants of the program that can be searched; the first is the default. */
    List<Variant> profiles();

    /** Historical defects that can be woven in; none by default. */
    default List<Variant> defects() {
        return List.of();
    }

    /**
     * Which of its parameters may become smaller when a failure of it is made small, those first
     * that make most of the difference; none by default.
     */
    default List<Size> sizes() {
        return List.of();
    }

    /**
     * Sets the stage for any number of executions.
     *
     * @throws Exception if the stage cannot be set; nothing is searched then
     */
    Program prepare(Setup setup) throws Exception;

    /** A program on a stage that is set. */
    @FunctionalInterface
    interface Program {
        /**
         * Runs once, from the same state each time.
         *
         * @throws Throwable if something does not hold: that is a finding
         */
        void execute() throws Throwable;
    }

    /**
     * A profile or a defect.
     *
     * @param name its name on the command line
     * @param summary what it is, in one line
     */
    record Variant(String name, String summary) {}

    /**
     * A parameter that says how much of something there is: tables, rows, clients.
     *
     * @param parameter its name
     * @param least the smallest value that makes sense
     * @param otherwise what it is if it is not set, at least the smallest value
     */
    record Size(String parameter, int least, int otherwise) {}

    /**
     * What a scenario is asked for.
     *
     * @param profile the name of one of its profiles
     * @param defects the names of some of its defects
     * @param seed for what the scenario itself generates
     * @param parameters sizes and other numbers, by name; a scenario has a default for each
     */
    record Setup(String profile, List<String> defects, long seed, Map<String, String> parameters) {}
}
