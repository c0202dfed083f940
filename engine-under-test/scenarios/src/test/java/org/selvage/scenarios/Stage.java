package org.selvage.scenarios;

import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.selvage.search.Budget;
import org.selvage.search.Carriers;
import org.selvage.search.Scenario;
import org.selvage.search.Schedule;
import org.selvage.search.Search;
import org.selvage.search.Strategies;
import org.selvage.search.Subject;
import org.selvage.weaver.ProgramLoader;

/** Weaves the engine and prepares a scenario, as the command does. */
final class Stage {
    private static final long MAX_STEPS = 200_000L;
    private static final Duration STUCK_LIMIT = Duration.ofSeconds(60);

    private Stage() {}

    interface Use<T> {
        T call(Subject subject) throws Exception;
    }

    static <T> T with(String name, Scenario.Setup setup, Use<T> use) throws Exception {
        return Carriers.call(
                handover -> {
                    Scenario scenario = scenario(name);
                    Subject subject = Subject.prepare(scenario, setup, MAX_STEPS);
                    handover.watch(subject.execution()::steps);
                    return use.call(subject);
                },
                STUCK_LIMIT);
    }

    /** The stage of the scenario that a schedule was made for. */
    static <T> T with(Schedule schedule, Use<T> use) throws Exception {
        return with(
                schedule.subject().substring("scenario ".length()),
                new Scenario.Setup(
                        schedule.profile(),
                        schedule.defects(),
                        schedule.seed(),
                        schedule.parameters()),
                use);
    }

    /** Searches until something is found or so many executions have run. */
    static Search.Result search(Subject subject, String strategy, long seed, long executions) {
        return new Search(
                        subject,
                        Strategies.named(strategy, seed),
                        Budget.of(executions),
                        Search.Progress.SILENT)
                .run();
    }

    static Scenario.Setup setup(String profile) {
        return new Scenario.Setup(profile, List.of(), 1L, Map.of());
    }

    /** A scenario by its name, or one of the tests by its class. */
    static Scenario scenario(String name) throws Exception {
        if (name.startsWith("org.selvage.")) {
            return (Scenario) loader().loadClass(name).getConstructor().newInstance();
        }
        for (Scenario scenario : ServiceLoader.load(Scenario.class, loader())) {
            if (scenario.name().equals(name)) {
                return scenario;
            }
        }
        throw new IllegalArgumentException("scenario=" + name);
    }

    private static ProgramLoader loader() throws Exception {
        List<URL> path = new ArrayList<>();
        for (String anchor :
                List.of(
                        "org/selvage/engine/Engine.class",
                        "org/selvage/scenarios/DropVsMerge.class",
                        "org/selvage/scenarios/CommitVsCrash.class")) {
            String url = String.valueOf(Stage.class.getClassLoader().getResource(anchor));
            String root = url.substring(0, url.length() - anchor.length());
            path.add(
                    root.startsWith("jar:")
                            ? URI.create(root.substring(4, root.length() - 2)).toURL()
                            : Path.of(URI.create(root)).toUri().toURL());
        }
        ProgramLoader loader =
                new ProgramLoader(
                        path.toArray(URL[]::new),
                        Stage.class.getClassLoader(),
                        type ->
                                type.startsWith("org.selvage.")
                                        && !type.startsWith("org.selvage.engine.")
                                        && !type.startsWith("org.selvage.scenarios."));
        loader.setDefaultAssertionStatus(true);
        return loader;
    }
}
