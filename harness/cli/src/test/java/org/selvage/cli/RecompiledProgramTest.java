package org.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program that is searched, edited, compiled again, and replayed or searched once more. Each edit
 * replaces some words of the source.
 */
final class RecompiledProgramTest {
    private static final String SOURCE =
            """
            import java.util.concurrent.atomic.AtomicInteger;

            public class Counter {
                static final AtomicInteger calls = new AtomicInteger();
                // members
                public static void main(String[] arguments) throws Exception {
                    AtomicInteger count = new AtomicInteger();
                    // first lambda
                    Thread one = new Thread(() -> {
                        // begin one
                        int seen = count.get();
                        count.set(seen + 1);
                        // end one
                    }, "one");
                    Thread two = new Thread(() -> {
                        // begin two
                        add(count);
                        // end two
                    }, "two");
                    one.start();
                    two.start();
                    one.join();
                    two.join();
                    check(count);
                }

                static void add(AtomicInteger count) {
                    count.set(count.get() + 1);
                }

                static void put(AtomicInteger count, int value) {
                    count.set(value);
                }

                static void check(AtomicInteger count) {
                    if (count.get() != 2) throw new AssertionError("lost update: " + count);
                }
            }
            """;

    /** Fails inside the second lambda. */
    private static final String IN_LAMBDA =
            SOURCE.replace(
                            "add(count);",
                            "int was = count.get();"
                                    + " if (count.get() != was) throw new AssertionError(\"changed\");")
                    .replace("        check(count);\n", "");

    /** Replaces some words of the source by others. */
    private record Edit(String words, String others) {
        String of(String source) {
            assertThat(source).contains(words);
            return source.replace(words, others);
        }
    }

    private static List<String> sources() {
        return List.of(SOURCE, IN_LAMBDA);
    }

    private static final Edit LINES_ABOVE =
            new Edit("// members", "static void unused() {}\n\n    // one\n    // two\n");
    private static final Edit LAMBDA_ABOVE =
            new Edit("// first lambda", "Runnable before = () -> calls.get();");

    private static final List<Edit> ELSEWHERE =
            List.of(
                    LINES_ABOVE,
                    LAMBDA_ABOVE,
                    new Edit("// first lambda", "calls.incrementAndGet();"),
                    new Edit("// begin one", "calls.incrementAndGet();"),
                    new Edit("// begin two", "calls.incrementAndGet(); calls.get();"),
                    new Edit("// first lambda", "new Thread(() -> calls.get()).start();"),
                    new Edit("static void add(", "static void add() {}\n\n static void add("));

    /** Each edit with what the replay says, in part. */
    private static final Map<Edit, String> AT_THE_PLACE =
            Map.of(
                    new Edit("check(", "verify("),
                    "the end: expected=\"failed java.lang.AssertionError at Counter.check\""
                            + " came=\"failed java.lang.AssertionError at Counter.verify\"",
                    new Edit("one.start();", "one.start(); one.join();"),
                    "step=",
                    new Edit("count.set(seen + 1);", "put(count, seen + 1);"),
                    "step=",
                    new Edit("count.set(seen + 1);", "count.incrementAndGet();"),
                    "step=");

    @TempDir private Path folder = Path.of("set by JUnit");

    private record Outcome(int status, String out, String err) {}

    private static Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Outcome(status, out.toString(), err.toString());
    }

    private void compile(String source) throws IOException {
        Path file = Files.writeString(folder.resolve("Counter.java"), source);
        String classes = Files.createDirectories(folder.resolve("classes")).toString();
        int compiled =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes, file.toString());
        assertThat(compiled).as(source).isZero();
    }

    private void search() {
        Outcome found =
                run(
                        "search",
                        "--main",
                        "Counter",
                        "-cp",
                        folder.resolve("classes").toString(),
                        "--executions",
                        "500",
                        "--findings",
                        findings().toString(),
                        "--out",
                        folder.resolve("out").toString());
        assertThat(found.err()).isEmpty();
        assertThat(found.status()).as(found.out()).isEqualTo(1);
    }

    private Path findings() {
        return folder.resolve("findings");
    }

    private Outcome replay(String... more) {
        List<String> arguments = new ArrayList<>();
        arguments.add("replay");
        arguments.add(folder.resolve("out/Counter/seed1.schedule").toString());
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    /** What a finding says of its cause, without the numbers of steps and lines. */
    private static List<String> cause(Path json) {
        return JsonMapper.shared()
                .readTree(json)
                .at("/cause/sentences")
                .valueStream()
                .map(sentence -> sentence.asString().replaceAll("[0-9]+", "N"))
                .toList();
    }

    private List<String> filed() throws IOException {
        try (Stream<Path> entries = Files.list(findings())) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void anEditElsewhereReplaysTheSameFailure(String source) throws Exception {
        compile(source);
        search();
        Path json = folder.resolve("replayed.json");
        replay("--json", json.toString());
        List<String> cause = cause(json);
        assertThat(cause).as("avoidable, inevitable, the race").hasSize(3);
        for (Edit edit : ELSEWHERE) {
            compile(edit.of(source));
            Outcome replayed = replay("--times", "5", "--json", json.toString());
            assertThat(replayed.status()).as(edit + "\n" + replayed.out()).isEqualTo(1);
            assertThat(replayed.out()).contains("5 of 5 replays had identical operations");
            assertThat(replayed.err())
                    .contains("the schedule is of another build of the program: schedule=");
            assertThat(cause(json)).as(edit.toString()).isEqualTo(cause);
        }
    }

    @Test
    void anEditOfThePlaceIsNamed() throws Exception {
        compile(SOURCE);
        search();
        for (Map.Entry<Edit, String> edit : AT_THE_PLACE.entrySet()) {
            compile(edit.getKey().of(SOURCE));
            Outcome replayed = replay();
            assertThat(replayed.out())
                    .as(edit.toString())
                    .contains(
                            "diverged: " + edit.getValue(),
                            "likely source: the program was edited since: schedule=");
            assertThat(replayed.status()).isEqualTo(4);
        }
    }

    @Test
    void aProgramWithoutItsMainIsOneLine() throws Exception {
        compile(SOURCE);
        search();
        compile(new Edit("void main(", "void begin(").of(SOURCE));
        Outcome replayed = replay();
        assertThat(replayed.status()).isEqualTo(2);
        assertThat(replayed.err().lines()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aFailureFoundAgainAfterAnEditAboveIsNotFiledTwice(String source) throws Exception {
        compile(source);
        search();
        compile(LAMBDA_ABOVE.of(LINES_ABOVE.of(source)));
        search();
        assertThat(filed()).containsExactly("0001-counter-assertion-error");
    }

    @Test
    void anotherFailureIsAnotherFinding() throws Exception {
        compile(SOURCE);
        search();
        compile(new Edit("check(", "verify(").of(SOURCE));
        search();
        compile(new Edit("lost update", "count differs").of(SOURCE));
        search();
        assertThat(filed()).hasSize(3);
    }
}
