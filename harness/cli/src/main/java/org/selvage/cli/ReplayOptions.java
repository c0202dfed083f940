package org.selvage.cli;

import org.selvage.search.Schedule;
import picocli.CommandLine.Option;

/** The options of every command that executes a schedule again. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReplayOptions {
    @Option(
            names = "--max-steps",
            paramLabel = "N",
            defaultValue = "200000",
            description = "cut an execution off after so many operations")
    private long maxSteps;

    @Option(
            names = {"-cp", "-classpath", "--class-path"},
            paramLabel = "PATH",
            defaultValue = "",
            description = "for a main or test: where its classes are, if not where they were")
    private String classPath;

    /** After how many operations an execution is cut off. */
    long maxSteps() {
        return maxSteps;
    }

    /** The session that the schedule was found in, with its classes where they are now. */
    Session session(Schedule schedule) {
        return Session.of(schedule, classPath);
    }
}
