package org.selvage.report;

/** Finds lines of the program's source. */
@FunctionalInterface
public interface Sources {
    /** Knows no source. */
    Sources NONE = (className, line) -> "";

    /**
     * A line of the source of a class, with what follows if the statement does not end there.
     *
     * @param className binary name of the class
     * @param line the line's number, from 1
     * @return the statement on one line, without the blanks around it; an empty string if it is not
     *     known
     */
    String line(String className, int line);
}
