package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.selvage.weaver.Agent;
import org.selvage.weaver.Isolation;

/** Programs that are searched as the command would: each public method of a package's classes. */
final class Suite {
    private static final long MAX_STEPS = 200_000L;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Suite() {}

    /** The programs of a package within {@code programs}: {@code package.Class.method}. */
    static List<String> programs(String inside) throws Exception {
        Path folder = classes().resolve("programs").resolve(inside);
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.contains("$"))
                    .map(file -> inside + "." + file.substring(0, file.length() - 6))
                    .sorted()
                    .flatMap(Suite::methods)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(folder.toString(), e);
        }
    }

    private static Stream<String> methods(String name) {
        try {
            Class<?> type = Class.forName("programs." + name, false, Suite.class.getClassLoader());
            return Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> Modifier.isPublic(method.getModifiers()))
                    .map(Method::getName)
                    .sorted()
                    .map(method -> name + "." + method);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(name, e);
        }
    }

    private static Path classes() throws Exception {
        URI classes = Suite.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        return Path.of(classes);
    }

    /** Gives a program, whose statics are new in each execution, to a check, on a carrier. */
    static void with(String program, Consumer<Subject> check) throws Exception {
        with(entry(classes(), "programs." + program), check);
    }

    /** Gives a program to a check, on a carrier. */
    static void with(ProgramEntry entry, Consumer<Subject> check) throws Exception {
        Agent.require();
        Carriers.call(
                handover -> {
                    Subject subject = Subject.of(entry, MAX_STEPS);
                    handover.watch(subject.execution()::steps);
                    subject.execute(choice -> 0, null);
                    check.accept(subject);
                    return entry;
                },
                LIMIT);
    }

    /** A method of a class in a folder. */
    static ProgramEntry entry(Path folder, String program) throws Exception {
        Isolation isolation =
                new Isolation(
                        new URL[] {folder.toUri().toURL()},
                        ClassLoader.getPlatformClassLoader(),
                        name -> false);
        int dot = program.lastIndexOf('.');
        ProgramEntry entry =
                ProgramEntry.test(
                        isolation::next, program.substring(0, dot), program.substring(dot + 1));
        entry.check();
        assertThat(isolation.unwoven()).isEmpty();
        return entry;
    }

    /** Searches with a strategy, until something is found or so often. */
    static Search.Result search(Subject subject, String strategy, long seed, long executions) {
        return new Search(
                        subject,
                        Strategies.named(strategy, seed),
                        Budget.of(executions),
                        Search.Progress.SILENT)
                .run();
    }
}
