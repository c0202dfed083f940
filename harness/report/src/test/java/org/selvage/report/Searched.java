package org.selvage.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.selvage.search.Budget;
import org.selvage.search.CauseSearch;
import org.selvage.search.Confirmation;
import org.selvage.search.Search;
import org.selvage.search.Shrinker;
import org.selvage.search.Strategies;
import org.selvage.search.Subject;

/** Findings of programs that are really searched. */
final class Searched {
    private Searched() {}

    /**
     * Searches a program that fails, shrinks what is found and searches its cause.
     *
     * @param subject what is executed
     * @param name of the program, as schedules have it
     * @param causeExecutions how many executions the cause may take
     * @param sources where its source lines are found
     */
    static Finding find(Subject subject, String name, long causeExecutions, Path sources) {
        Search.Result result =
                new Search(
                                subject,
                                Strategies.named("portfolio", 1),
                                Budget.of(1_000),
                                Search.Progress.SILENT)
                        .run();
        Search.Failure failure = Objects.requireNonNull(result.failure());
        Shrinker.Shrunk shrunk = Shrinker.shrink(subject, failure, 1_000);
        Confirmation confirmation =
                Confirmation.of(
                        subject,
                        shrunk.deviations(),
                        new Confirmation.Header(name, "", List.of(), 1, Map.of(), "0"));
        return new Finding(
                confirmation.schedule(),
                confirmation.trace(),
                result,
                shrunk,
                List.of("strategy=portfolio"),
                "./selvage replay it.schedule",
                CauseSearch.find(
                        subject, shrunk.deviations(), confirmation.trace(), causeExecutions),
                new SourceFolders(List.of(sources)));
    }
}
