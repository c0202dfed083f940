package org.selvage.benchmarks;

import java.io.PrintStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.selvage.benchmarks.programs.PlantedBugs;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.search.Budget;
import org.selvage.search.Carriers;
import org.selvage.search.Search;
import org.selvage.search.Strategies;
import org.selvage.search.Subject;
import org.selvage.weaver.Agent;
import org.selvage.weaver.ProgramLoader;

/**
 * Prints for each strategy how many executions and how much time it takes to find the defect of one
 * planted program: medians over seeds.
 */
final class FirstBugFork {
    private static final long MAX_STEPS = 10_000L;

    /** The longest search: some strategies go deep into a loop that waits. */
    private static final Duration MOST_TIME = Duration.ofSeconds(5);

    private FirstBugFork() {}

    /** Arguments: executions at most, seeds, strategies separated by commas, programs. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws Exception {
        Agent.require();
        PrintStream out = System.out;
        long most = Long.parseLong(arguments[0]);
        int seeds = Integer.parseInt(arguments[1]);
        List<String> strategies = List.of(arguments[2].split(","));
        for (String program : Arrays.asList(arguments).subList(3, arguments.length)) {
            for (String strategy : strategies) {
                out.println(line(program, strategy, most, seeds));
            }
        }
    }

    private static String line(String program, String strategy, long most, int seeds)
            throws Exception {
        return Carriers.call(
                handover -> {
                    Subject subject = subject(program);
                    handover.watch(subject.execution()::steps);
                    subject.execute(ChoiceSource.DEFAULT, null);
                    return measure(subject, program, strategy, most, seeds);
                },
                Duration.ofSeconds(60));
    }

    private static String measure(
            Subject subject, String program, String strategy, long most, int seeds) {
        double[] executions = new double[seeds];
        double[] seconds = new double[seeds];
        Arrays.fill(executions, Double.POSITIVE_INFINITY);
        Arrays.fill(seconds, Double.POSITIVE_INFINITY);
        int found = 0;
        // Once half of the seeds have found none, the median is known.
        for (int seed = 0; seed < seeds && 2 * (seed - found) <= seeds; seed++) {
            Search.Result result =
                    new Search(
                                    subject,
                                    Strategies.named(strategy, seed + 1L),
                                    new Budget(MOST_TIME, most),
                                    Search.Progress.SILENT)
                            .run();
            if (result.failure() != null) {
                found++;
                executions[seed] = result.executions();
                seconds[seed] = result.nanos() / 1e9;
            }
        }
        return String.format(
                Locale.ROOT,
                "first-bug %s %s found=%d/%d executions=%.0f seconds=%.4f",
                program,
                strategy,
                found,
                seeds,
                median(executions),
                median(seconds));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static Subject subject(String program) throws ReflectiveOperationException {
        String name = PlantedBugs.class.getName();
        String file = name.replace('.', '/') + ".class";
        String root = String.valueOf(FirstBugFork.class.getClassLoader().getResource(file));
        ProgramLoader loader =
                new ProgramLoader(
                        new URL[] {url(root.substring(0, root.length() - file.length()))},
                        FirstBugFork.class.getClassLoader(),
                        type -> !type.startsWith("org.selvage.benchmarks.programs."));
        MethodHandle run =
                MethodHandles.publicLookup()
                        .findStatic(
                                loader.loadClass(name), program, MethodType.methodType(void.class));
        return Subject.of(
                () -> {
                    run.invokeExact();
                },
                MAX_STEPS);
    }

    private static URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalStateException("a class file's address is one: " + text, e);
        }
    }
}
