package org.selvage.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.selvage.search.Carriers;
import org.selvage.search.Confirmation;
import org.selvage.search.Scenario;
import org.selvage.search.ScenarioShrinker;
import org.selvage.search.Schedule;
import org.selvage.search.Subject;
import org.selvage.weaver.Agent;
import org.selvage.weaver.ProgramLoader;

/**
 * One scenario or program, woven and prepared, on a carrier of its own.
 *
 * @param entry what is run
 * @param profile one of its profiles
 * @param defects some of its defects
 * @param seed the scenario's own seed
 * @param parameters the scenario's parameters
 * @param fingerprint of the program
 * @param dataRaces whether a data race is a failure
 */
record Session(
        Entry entry,
        String profile,
        List<String> defects,
        long seed,
        Map<String, String> parameters,
        String fingerprint,
        boolean dataRaces) {

    /** How long a task may run without a scheduling point. */
    private static final Duration STUCK_LIMIT = Duration.ofSeconds(20);

    /** What is done with a subject, on its carrier. */
    @FunctionalInterface
    interface Use<T> {
        /** Does it. */
        T call(Subject subject) throws Exception;
    }

    /**
     * Checks the names and makes a session.
     *
     * @throws Main.UsageException if the programs have no such scenario, profile or defect
     */
    static Session of(
            Programs programs,
            String scenario,
            String profile,
            List<String> defects,
            long seed,
            Map<String, String> parameters) {
        Agent.require();
        Scenario found = Programs.scenario(programs.loader(), scenario);
        String checked = Programs.checked(found, profile, defects);
        return new Session(
                Entry.scenario(scenario),
                checked,
                defects,
                seed,
                parameters,
                programs.fingerprint(),
                false);
    }

    /**
     * A session of a program that nobody prepared.
     *
     * @throws Main.UsageException if its class path has an entry that does not exist
     */
    static Session of(Programs programs, Entry entry) {
        Agent.require();
        if (entry.kind() == Entry.Kind.TEST && entry.name().indexOf('#') < 1) {
            throw new Main.UsageException("a test is named as CLASS#METHOD: test=" + entry.name());
        }
        return new Session(
                entry, "", List.of(), 1L, entry.parameters(), programs.fingerprint(), false);
    }

    /**
     * The session that a schedule was found in.
     *
     * @param classPath for a main or test, where its classes are now; empty for where they were
     */
    static Session of(Schedule schedule, String classPath) {
        Entry entry = Entry.of(schedule.subject(), schedule.parameters(), classPath);
        return entry.kind() == Entry.Kind.SCENARIO
                ? of(
                        Programs.installed(),
                        entry.name(),
                        schedule.profile(),
                        schedule.defects(),
                        schedule.seed(),
                        schedule.parameters())
                : of(Programs.of(entry.classPath()), entry);
    }

    /** The same session, in which a data race is a failure or not. */
    Session failingOnDataRaces(boolean fails) {
        return new Session(entry, profile, defects, seed, parameters, fingerprint, fails);
    }

    /** Where its classes are. */
    Programs programs() {
        return entry.kind() == Entry.Kind.SCENARIO
                ? Programs.installed()
                : Programs.of(entry.classPath());
    }

    /** Weaves and prepares what is run and does something with it. */
    <T> T with(long maxSteps, Use<T> use) throws Exception {
        return with(maxSteps, use, notes -> {});
    }

    /**
     * Weaves and prepares what is run and does something with it.
     *
     * @param notes is told how a program that nobody prepared is run
     */
    <T> T with(long maxSteps, Use<T> use, java.util.function.Consumer<List<String>> notes)
            throws Exception {
        if (entry.kind() == Entry.Kind.SCENARIO) {
            return run(handover -> scenario(maxSteps), use);
        }
        StandardStreams streams = new StandardStreams();
        try {
            return run(
                    handover -> {
                        ForeignProgram program = new ForeignProgram(entry, programs());
                        Subject subject = program.prepare(maxSteps, handover);
                        notes.accept(program.notes());
                        return subject;
                    },
                    use);
        } finally {
            streams.close();
        }
    }

    /** Who steps through a program in a debugger takes all the time there is. */
    private static Duration stuckLimit() {
        return Debugging.isOn() ? Duration.ofDays(365) : STUCK_LIMIT;
    }

    private <T> T run(Carriers.Work<Subject> make, Use<T> use) throws Exception {
        return Carriers.call(
                handover -> {
                    Subject subject = make.call(handover);
                    handover.watch(subject.execution()::steps);
                    if (dataRaces) {
                        subject.execution().dataRaces().fail();
                    }
                    return use.call(subject);
                },
                stuckLimit());
    }

    private Subject scenario(long maxSteps) throws Subject.PreparationException {
        ProgramLoader loader = programs().loader();
        Scenario program = Programs.scenario(loader, entry.name());
        try {
            return Subject.prepare(
                    program, new Scenario.Setup(profile, defects, seed, parameters), maxSteps);
        } catch (Subject.PreparationException e) {
            if (e.getCause() instanceof IllegalArgumentException) {
                throw new Main.UsageException(String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    /** Executes a failure that was made small once more, for its schedule. */
    Confirmation confirm(ScenarioShrinker.Smallest smallest) {
        Subject subject = smallest.subject();
        return Confirmation.of(
                subject,
                smallest.shrunk().deviations(),
                new Confirmation.Header(
                        subjectLine(),
                        profile,
                        List.copyOf(defects),
                        seed,
                        entry.kind() == Entry.Kind.SCENARIO ? subject.parameters() : parameters,
                        fingerprint));
    }

    /** The line in a schedule that says what is run. */
    String subjectLine() {
        return entry.line();
    }
}
