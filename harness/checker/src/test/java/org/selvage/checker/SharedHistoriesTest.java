package org.selvage.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.selvage.checker.format.HistoryFormat;
import org.selvage.checker.history.History;
import org.selvage.checker.specification.Specification;
import org.selvage.checker.specification.StringMap;

/** Recorded histories with known verdicts get those verdicts, by every method. */
class SharedHistoriesTest {
    @Test
    void everyKnownVerdictIsFound(TestReporter reporter) throws IOException {
        if (!Files.exists(SharedHistories.folder().resolve("VERDICTS.tsv"))) {
            reporter.publishEntry(
                    "shared histories",
                    "absent: folder=" + SharedHistories.folder() + "; nothing was checked");
            return;
        }
        int checked = 0;
        for (SharedHistories.Known known : SharedHistories.all()) {
            History history = HistoryFormat.read(known.file());
            for (Method method : Method.values()) {
                assertThat(verdict(history, known.specification(), method))
                        .as("%s by %s", known.file(), method)
                        .isInstanceOf(known.valid() ? Verdict.Valid.class : Verdict.Invalid.class);
            }
            assertThat(stream(known.file(), known.specification()))
                    .as("%s as a stream", known.file())
                    .isInstanceOf(
                            known.valid()
                                    ? StreamingChecker.Result.Valid.class
                                    : StreamingChecker.Result.Invalid.class);
            checked++;
        }
        assertThat(checked).isEqualTo(306);
        reporter.publishEntry("shared histories", "checked=" + checked);
    }

    private static <S> StreamingChecker.Result stream(Path file, Specification<S> specification) {
        boolean byKey = specification instanceof StringMap;
        StreamingChecker<S> checker =
                new StreamingChecker<>(
                        specification, file.toString(), byKey, Budget.steps(50_000_000));
        HistoryFormat.read(file, checker);
        return checker.finish();
    }

    private static <S> Verdict verdict(
            History history, Specification<S> specification, Method method) {
        return new Checker<>(specification, method).check(history, Budget.steps(50_000_000));
    }
}
