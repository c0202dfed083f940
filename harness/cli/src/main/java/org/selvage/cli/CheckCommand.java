package org.selvage.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.Budget;
import org.selvage.checker.Checker;
import org.selvage.checker.Criterion;
import org.selvage.checker.StreamingChecker;
import org.selvage.checker.Verdict;
import org.selvage.checker.format.HistoryFormat;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryException;
import org.selvage.checker.specification.Specification;
import org.selvage.checker.specification.Specifications;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks recorded histories against a sequential specification.
 *
 * <p>Exit status for several files: 2 when one could not be read, else 1 when one is not valid,
 * else 3 when one could not be decided within the budget, else 0.
 */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Checks whether histories are linearizable. Exit status: 0 all valid, 1 one is not,"
                        + " 2 one cannot be read, 3 one is undecided.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckCommand implements Callable<Integer> {
    /** A file is held in memory when the heap is so many times as large. */
    private static final long HEAP_FOR_FILE = 8;

    private static final long MOST_BYTES = 1L << 30;

    @Parameters(
            paramLabel = "HISTORY",
            arity = "1..*",
            description =
                    "files or folders: JSON lines, Jepsen EDN, Jepsen etcd logs, Violin lines")
    private List<Path> histories;

    @Option(
            names = "--model",
            paramLabel = "M",
            required = true,
            description = "see: selvage list models")
    private String model;

    @Option(
            names = "--criterion",
            paramLabel = "C",
            defaultValue = "strict",
            description =
                    "for histories with crashes: strict (default), persistent-atomic, durable or"
                            + " buffered-durable")
    private String criterion;

    @Option(
            names = "--budget",
            paramLabel = "B",
            defaultValue = "60s",
            description =
                    "time for each history that is held in memory, such as 30s; 60s by default")
    private String budget;

    @Option(
            names = "--html",
            paramLabel = "PATH",
            description = "write a page for each history: a file ending in .html, or a folder")
    private @Nullable Path html;

    @Option(names = "--json", description = "print one JSON object instead of text")
    private boolean json;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Specification<?> specification = specification();
        Criterion wanted = wanted();
        Budget limit = limit();
        List<Path> files = files();
        HistoryPages pages = html == null ? null : HistoryPages.at(html, files.size());
        HistoryText text = new HistoryText(specification.name());
        List<ObjectNode> results = new ArrayList<>();
        int[] count = new int[Main.FAILED + 1];
        for (Path file : files) {
            HistoryResult result = check(file, specification, wanted, limit);
            count[result.status()]++;
            if (result instanceof HistoryResult.Unreadable unreadable) {
                err.println("selvage: " + unreadable.problem());
            }
            if (pages != null) {
                pages.write(result, specification.name());
            }
            if (json) {
                results.add(HistoryJson.of(result));
            } else {
                out.print(text.of(result));
                out.flush();
            }
        }
        int status = worst(count);
        if (json) {
            out.println(HistoryJson.print(specification.name(), wanted, results, status));
        } else if (files.size() > 1) {
            out.printf(
                    Locale.ROOT,
                    "%d histories: valid=%d invalid=%d undecided=%d unreadable=%d%n",
                    files.size(),
                    count[Main.NOTHING_FOUND],
                    count[Main.FOUND],
                    count[Main.FAILED],
                    count[Main.USAGE]);
        }
        return status;
    }

    private static int worst(int[] count) {
        for (int status : new int[] {Main.USAGE, Main.FOUND, Main.FAILED}) {
            if (count[status] > 0) {
                return status;
            }
        }
        return Main.NOTHING_FOUND;
    }

    private static <S> HistoryResult check(
            Path file, Specification<S> specification, Criterion wanted, Budget limit) {
        try {
            long heap = Runtime.getRuntime().maxMemory();
            if (Files.isRegularFile(file) && Files.size(file) <= heap / HEAP_FOR_FILE) {
                return checkWhole(file, specification, wanted, limit);
            }
            if (wanted != Criterion.STRICT) {
                throw new Main.UsageException(
                        "a history that is read as a stream is checked for the criterion strict"
                                + " only; give the JVM a larger heap or a smaller file: file="
                                + file
                                + " heap="
                                + (heap >> 20)
                                + "MiB");
            }
            Budget unhurried = new Budget(Long.MAX_VALUE, limit.bytes(), Long.MAX_VALUE);
            return new HistoryResult.Streamed(
                    file, wanted, StreamingChecker.check(file, specification, unhurried));
        } catch (HistoryException e) {
            return new HistoryResult.Unreadable(file, oneLine(String.valueOf(e.getMessage())));
        } catch (IOException e) {
            return new HistoryResult.Unreadable(file, oneLine(file + ": cannot be read: " + e));
        }
    }

    private static <S> HistoryResult checkWhole(
            Path file, Specification<S> specification, Criterion wanted, Budget limit) {
        History history = HistoryFormat.read(file);
        Checker<S> checker = new Checker<>(specification);
        Verdict verdict = checker.check(history, wanted, limit);
        List<Verdict> weaker = new ArrayList<>();
        if (verdict instanceof Verdict.Invalid && history.hasCrash()) {
            for (Criterion criterion : Criterion.values()) {
                if (criterion.compareTo(wanted) > 0) {
                    weaker.add(checker.check(history, criterion, limit));
                    if (weaker.getLast() instanceof Verdict.Valid) {
                        break;
                    }
                }
            }
        }
        return new HistoryResult.Checked(file, history, verdict, weaker);
    }

    /** Text that a file brought along, without what would break the line or the terminal. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private Specification<?> specification() {
        return Specifications.named(model)
                .orElseThrow(() ->
                        new Main.UsageException(
                                "no such model: model="
                                        + model
                                        + ", known="
                                        + Specifications.all().stream()
                                                .map(Specification::name)
                                                .toList()));
    }

    private Criterion wanted() {
        for (Criterion known : Criterion.values()) {
            if (HistoryText.name(known).equals(criterion)) {
                return known;
            }
        }
        throw new Main.UsageException(
                "no such criterion: criterion="
                        + criterion
                        + ", known="
                        + Stream.of(Criterion.values()).map(HistoryText::name).toList());
    }

    private Budget limit() {
        try {
            long bytes = Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 2);
            org.selvage.search.Budget given = org.selvage.search.Budget.parse(budget);
            if (given.executions() != Long.MAX_VALUE) {
                throw new Main.UsageException(
                        "the budget of a check is a time such as 30s or 10m: budget=" + budget);
            }
            return new Budget(given.time().toNanos(), bytes, Long.MAX_VALUE);
        } catch (IllegalArgumentException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (Path given : histories) {
            if (!Files.exists(given)) {
                throw new Main.UsageException("there is no such history: file=" + given);
            }
            if (!Files.isDirectory(given)) {
                files.add(given);
                continue;
            }
            int before = files.size();
            try (Stream<Path> inside = Files.walk(given)) {
                inside.filter(Files::isRegularFile).sorted().forEach(files::add);
            } catch (IOException | UncheckedIOException e) {
                throw new Main.UsageException(
                        "the folder cannot be read: folder=" + given + " cause=" + e.getMessage(),
                        e);
            }
            if (files.size() == before) {
                throw new Main.UsageException("the folder has no files: folder=" + given);
            }
        }
        return files;
    }
}
