package org.selvage.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.selvage.search.Carriers;
import org.selvage.search.Scenario;
import org.selvage.search.Schedule;
import org.selvage.search.Subject;
import org.selvage.weaver.Agent;
import org.selvage.weaver.ProgramLoader;

/**
 * One scenario, woven and prepared, on a carrier of its own.
 *
 * @param scenario the scenario's name
 * @param profile one of its profiles
 * @param defects some of its defects
 * @param seed the scenario's own seed
 * @param parameters the scenario's parameters
 * @param fingerprint of the program
 */
record Session(
        String scenario,
        String profile,
        List<String> defects,
        long seed,
        Map<String, String> parameters,
        String fingerprint) {

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
            Map<String, String> parameters)
            throws IOException {
        Agent.require();
        Scenario found = Programs.scenario(programs.loader(), scenario);
        String checked = Programs.checked(found, profile, defects);
        return new Session(scenario, checked, defects, seed, parameters, programs.fingerprint());
    }

    /** The session that a schedule was found in. */
    static Session of(Programs programs, Schedule schedule) throws IOException {
        if (!schedule.subject().startsWith("scenario ")) {
            throw new Main.UsageException(
                    "only schedules of scenarios can be replayed here: subject="
                            + schedule.subject());
        }
        return of(
                programs,
                schedule.subject().substring("scenario ".length()),
                schedule.profile(),
                schedule.defects(),
                schedule.seed(),
                schedule.parameters());
    }

    /** Weaves and prepares the scenario and does something with it. */
    <T> T with(Programs programs, long maxSteps, Use<T> use) throws Exception {
        return Carriers.call(
                handover -> {
                    ProgramLoader loader = programs.loader();
                    Scenario program = Programs.scenario(loader, scenario);
                    Subject subject;
                    try {
                        subject =
                                Subject.prepare(
                                        program,
                                        new Scenario.Setup(profile, defects, seed, parameters),
                                        maxSteps);
                    } catch (Subject.PreparationException e) {
                        if (e.getCause() instanceof IllegalArgumentException) {
                            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
                        }
                        throw e;
                    }
                    handover.watch(subject.execution()::steps);
                    return use.call(subject);
                },
                STUCK_LIMIT);
    }

    /** The line in a schedule that says what is run. */
    String subjectLine() {
        return "scenario " + scenario;
    }
}
