package org.selvage.cli;

import java.nio.file.Path;
import java.util.List;
import org.selvage.checker.Criterion;
import org.selvage.checker.StreamingChecker;
import org.selvage.checker.Verdict;
import org.selvage.checker.history.History;

/** What {@code selvage check} came to know of one file. */
sealed interface HistoryResult {
    /** The file. */
    Path file();

    /** The exit status that the file alone leads to. */
    int status();

    /**
     * The history was held in memory and checked for the wanted criterion.
     *
     * @param verdict for the wanted criterion
     * @param weaker the verdicts for weaker criteria, up to the first that holds; none when the
     *     wanted one holds or the history has no crash
     */
    record Checked(Path file, History history, Verdict verdict, List<Verdict> weaker)
            implements HistoryResult {
        @Override
        public int status() {
            return switch (verdict) {
                case Verdict.Valid valid -> Main.NOTHING_FOUND;
                case Verdict.Invalid invalid -> Main.FOUND;
                case Verdict.Unknown unknown -> Main.FAILED;
            };
        }
    }

    /** The history was too long to be held and was checked while it was read. */
    record Streamed(Path file, Criterion criterion, StreamingChecker.Result result)
            implements HistoryResult {
        @Override
        public int status() {
            return switch (result) {
                case StreamingChecker.Result.Valid valid -> Main.NOTHING_FOUND;
                case StreamingChecker.Result.Invalid invalid -> Main.FOUND;
                case StreamingChecker.Result.Unknown unknown -> Main.FAILED;
            };
        }
    }

    /**
     * The file is no history of the model, or not well formed.
     *
     * @param problem one line with the file and the line in it
     */
    record Unreadable(Path file, String problem) implements HistoryResult {
        @Override
        public int status() {
            return Main.USAGE;
        }
    }
}
