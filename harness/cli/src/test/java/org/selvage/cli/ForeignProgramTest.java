package org.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that nobody prepared, as a user of the command sees them. */
final class ForeignProgramTest {
    @TempDir private Path folder = Path.of("set by JUnit");

    private record Outcome(int status, String out, String err) {}

    private static Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Outcome(status, out.toString(), err.toString());
    }

    private static String classPath() throws Exception {
        return where(ForeignProgramTest.class) + File.pathSeparator + where(BeforeEach.class);
    }

    private static String where(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    private Outcome search(String kind, String name, String path, String... more) {
        List<String> arguments = new ArrayList<>(List.of("search", kind, name, "-cp", path));
        arguments.addAll(List.of("--findings", folder.resolve("findings").toString()));
        arguments.addAll(List.of("--out", folder.resolve("out").toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "--main, programs.Foreign$Racy, balance=1",
        "--main, programs.Foreign$Instance, count=1",
        "--main, programs.Interfaces$Circle, Second's initialiser",
        "--test, programs.Foreign$Tests#racy, counter=11",
        "--test, programs.Foreign$Tests#left, left behind 8"
    })
    void whatIsFoundReplaysAndShrinks(String kind, String name, String message) throws Exception {
        Outcome found = search(kind, name, classPath(), "--executions", "500");
        assertThat(found.err()).isEmpty();
        assertThat(found.status()).isEqualTo(1);
        assertThat(found.out()).contains(message, "statics: initialised again");
        Path schedule =
                folder.resolve("out").resolve(name.replace('#', '.')).resolve("seed1.schedule");
        Outcome replayed = run("replay", schedule.toString(), "--times", "100");
        assertThat(replayed.status()).isEqualTo(1);
        assertThat(replayed.out()).contains("100 of 100 replays had identical operations", message);
        assertThat(run("shrink", schedule.toString()).status()).isEqualTo(1);
        Outcome elsewhere = run("replay", schedule.toString(), "-cp", folder.toString());
        assertThat(elsewhere.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "--main, programs.Foreign$Statics, statics: initialised again for each execution",
        "--main, programs.Foreign$EnumState, statics: initialised again for each execution",
        "--main, programs.Interfaces$Fields, statics: initialised again for each execution",
        "--main, programs.Interfaces$Failure, statics: initialised again for each execution",
        "--main, programs.Enums$Values, statics: initialised again for each execution",
        "--main, programs.Enums$Bodies, statics: initialised again for each execution",
        "--main, programs.Enums$Pattern, as a switch in programs.Enums$Pattern keeps enum constants",
        "--main, programs.Enums$Annotated, as the annotation programs.Enums$Annotated$Has holds",
        "--test, programs.Foreign$Tests#right, statics: initialised again for each execution"
    })
    void whatIsRightPasses(String kind, String name, String statics) throws Exception {
        Outcome passed = search(kind, name, classPath(), "--executions", "300");
        assertThat(passed.out()).contains("nothing found", statics);
        assertThat(passed.status()).isZero();
    }

    @Test
    void aJarHasTheFingerprintOfItsFolder() throws Exception {
        byte[] classFile = read("programs/Foreign$Alone.class");
        write("programs/Foreign$Alone.class", classFile);
        Path jar = jar("alone.jar", "programs/Foreign$Alone.class", classFile);
        String ofFolder = Programs.of(folder.toString()).fingerprint();
        assertThat(Programs.of(jar.toString()).fingerprint()).isEqualTo(ofFolder);
        classFile[classFile.length - 1]++;
        write("programs/Foreign$Alone.class", classFile);
        assertThat(Programs.of(folder.toString()).fingerprint()).isNotEqualTo(ofFolder);
    }

    @Test
    void enumsHaveTheSameHashCodesInEveryJvm() throws Exception {
        String[] search = {
            "search",
            "--main",
            "programs.Enums$Hashed",
            "-cp",
            classPath(),
            "--executions",
            "1",
            "--out",
            folder.resolve("out").toString(),
            "--findings",
            folder.resolve("findings").toString()
        };
        String here = run(search).out();
        Process process = FreshJvm.start(List.of(), search);
        String there = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(there).isEqualTo(1);
        Pattern order = Pattern.compile("order=\\[[A-F, ]+]");
        assertThat(order.matcher(there).results().map(MatchResult::group).findFirst())
                .isPresent()
                .isEqualTo(order.matcher(here).results().map(MatchResult::group).findFirst());
    }

    @Test
    void whatIsDeterministicIsSaidToBe() throws Exception {
        Outcome passed =
                search(
                        "--test",
                        "programs.Foreign$Tests#right",
                        classPath(),
                        "--executions",
                        "20",
                        "--verify-determinism",
                        "--spurious",
                        "--timeouts");
        assertThat(passed.out())
                .contains("50 executions had identical operations", " spurious timeouts ");
        assertThat(passed.status()).isZero();
    }

    @Test
    void aFailureThatDoesNotRepeatIsNoFinding() throws Exception {
        Outcome unknown = search("--main", "programs.Foreign$Once", classPath());
        assertThat(unknown.out())
                .contains("unknown: execution=", "the third execution", "repeated with the same")
                .doesNotContain("./selvage replay");
        assertThat(unknown.status()).isEqualTo(4);
    }

    @Test
    void aReplayThatDiffersFromTheNextIsNamed() throws Exception {
        search("--main", "programs.Foreign$Varies", classPath(), "--executions", "5");
        String schedule = folder.resolve("out/programs.Foreign$Varies/seed1.schedule").toString();
        for (int i = 1; !URLConnection.getDefaultUseCaches("varies" + i); i++) {
            URLConnection.setDefaultUseCaches("varies" + i, true);
        }
        Outcome differs = run("replay", schedule, "--verify-determinism");
        assertThat(differs.out())
                .contains(
                        "not controlled here: java.net.ServerSocket.",
                        "diverged: replay 2: step=",
                        "likely source: something lives on from one execution to the next");
        assertThat(differs.status()).isEqualTo(4);
        Outcome same = run("replay", schedule, "--verify-determinism");
        assertThat(same.out()).contains("2 of 2 replays had identical operations", "always");
        assertThat(same.status()).isEqualTo(1);
    }

    @Test
    void aScheduleThatFitsNoMoreIsSaidToRepeatItself() throws Exception {
        search("--main", "programs.Foreign$Racy", classPath(), "--executions", "500");
        Path schedule = folder.resolve("out/programs.Foreign$Racy/seed1.schedule");
        Files.writeString(schedule, Files.readString(schedule).replace("AssertionError", "Error"));
        Outcome differs = run("replay", schedule.toString(), "--verify-determinism");
        assertThat(differs.out())
                .contains("diverged: the end: expected=", "2 replays had identical operations");
        assertThat(differs.status()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Sockets; java.net.ServerSocket.accept, java.net.Socket.connect",
                "Real; java.lang.ref.WeakReference.get, java.nio.file.Files.",
                "Child; java.lang.ProcessBuilder.start"
            })
    void whatIsNotControlledIsNamed(String name, String uses) throws Exception {
        Outcome passed =
                search("--main", "programs.Outside$" + name, classPath(), "--executions", "3");
        assertThat(passed.err()).isEmpty();
        List<String> named =
                passed.out().lines().filter(line -> line.startsWith("not controlled")).toList();
        for (String use : uses.split(", ", -1)) {
            assertThat(named)
                    .anyMatch(line ->
                            line.startsWith("not controlled here: " + use)
                                    && line.contains(" at programs.Outside$" + name + "."));
        }
        assertThat(passed.out()).contains("nothing found");
        assertThat(passed.status()).isZero();
    }

    @Test
    void whatIsControlledIsNotNamed() throws Exception {
        Outcome passed =
                search("--main", "programs.Foreign$Statics", classPath(), "--executions", "50");
        assertThat(passed.out()).doesNotContain("not controlled");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Memory; a task ran out of memory (Java heap space), task=first, Outside$Memory",
                "Endless; step limit reached, steps=2000, task=first, Outside$Endless",
                "Child; may end a wait: java.lang.ProcessBuilder.start at, task=main, Outside$Child"
            })
    void anEndThatIsUnknownNamesTaskAndFrame(String name, String words) throws Exception {
        Outcome unknown =
                search(
                        "--main",
                        "programs.Outside$" + name,
                        classPath(),
                        "--executions",
                        "2",
                        "--max-steps",
                        "2000");
        assertThat(unknown.out()).contains("2 executions were cut off");
        assertThat(unknown.out()).contains(words.split(", ", -1));
        assertThat(unknown.status()).isZero();
    }

    /** The harness has the program's heap, and lives on when that is used up. */
    @ParameterizedTest
    @ValueSource(strings = {"Pieces", "Chain"})
    void whenNoMemoryIsLeftTheSearchGoesOn(String name) throws Exception {
        Process process =
                FreshJvm.start(
                        List.of("-Xmx40m", "-XX:+UseSerialGC"),
                        "search",
                        "--main",
                        "programs.Outside$" + name,
                        "-cp",
                        classPath(),
                        "--executions",
                        "3",
                        "--out",
                        folder.resolve("out").toString());
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed)
                .contains("3 executions were cut off", "a task ran out of memory", "task=first")
                .contains("Outside$" + name);
    }

    @Test
    void aWaitBelowANativeFrameIsUnknown() throws Exception {
        Outcome unknown =
                search("--main", "programs.Outside$Sorting", classPath(), "--executions", "40");
        assertThat(unknown.out())
                .contains("a native frame", "task=first", "Outside$Sorting.compare")
                .contains("covered: 40 executions", "unknown: 5 executions were cut off");
        assertThat(unknown.status()).isZero();
    }

    @Test
    void aDaemonThatSpinsWhileNobodyElseCanRunIsALivelock() throws Exception {
        Outcome found =
                search(
                        "--main",
                        "programs.Outside$Spinning",
                        classPath(),
                        "--executions",
                        "2",
                        "--max-steps",
                        "2000");
        assertThat(found.out().replaceAll("\\s+", " "))
                .contains("livelock: the same state again")
                .contains("spinning read Outside.SHARED.get at", "Outside$Spinning.spin");
        assertThat(found.status()).isEqualTo(1);
    }

    @Test
    void aDaemonThatPollsEndsWithTheProgram() throws Exception {
        Outcome passed =
                search("--main", "programs.Outside$Polling", classPath(), "--executions", "200");
        assertThat(passed.out()).contains("nothing found").doesNotContain("cut off");
        assertThat(passed.status()).isZero();
    }

    @Test
    void argumentsAreKeptInTheSchedule() throws Exception {
        Outcome found =
                search(
                        "--main",
                        "programs.Foreign$Racy",
                        classPath(),
                        "--executions",
                        "500",
                        "--",
                        "seven !");
        assertThat(found.out()).contains("balance=7").doesNotContain("printed by");
        Path schedule = folder.resolve("out/programs.Foreign$Racy/seed1.schedule");
        assertThat(run("replay", schedule.toString()).out()).contains("balance=7");
    }

    /** A status that tells of a failure counts once there is more than one task. */
    @Test
    void aStatusOtherThanZeroIsFoundOnceThereAreTasks() throws Exception {
        Outcome found =
                search(
                        "--main",
                        "programs.Foreign$Usage",
                        classPath(),
                        "--executions",
                        "5",
                        "--",
                        "1");
        assertThat(found.out()).contains("the program exits with status=3");
        assertThat(found.status()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "--main, programs.Foreign$Nowhere, there is no such class",
        "--main, programs.Foreign, the class has no main method",
        "--main, programs.Foreign$Alone, the program starts no thread",
        "--main, programs.Foreign$Needy, if its main needs arguments",
        "--main, programs.Foreign$Parsing, cause=Index 0 out of bounds for length 0",
        "--main, programs.Foreign$Usage, cause=the program exits with status=2",
        "--main, programs.Foreign$Reader, reads standard input",
        "--test, programs.Foreign$Tests, a test is named as CLASS#METHOD",
        "--test, programs.Foreign$Tests#none, no such method"
    })
    void whatCannotBeSearchedIsRefusedInOneLine(String kind, String name, String reason)
            throws Exception {
        Outcome refused = search(kind, name, classPath(), "--executions", "5");
        assertThat(refused.err().lines()).singleElement().asString().contains(reason);
        assertThat(refused.status()).isEqualTo(2);
    }

    @Test
    void aTestWithoutJUnitOnItsClassPathIsRefusedInOneLine() throws Exception {
        String tests = where(ForeignProgramTest.class);
        Outcome refused = search("--test", "programs.Foreign$Tests#racy", tests);
        assertThat(refused.err().lines())
                .singleElement()
                .asString()
                .contains("JUnit 5 is missing", "programs.Foreign$Tests");
        assertThat(refused.status()).isEqualTo(2);
    }

    @Test
    void aClassPathThatIsNoneIsRefusedInOneLine() throws Exception {
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
        Path unreadable = folder.resolve("classes");
        Files.createDirectories(unreadable.resolve("Odd.class"));
        for (Path path : List.of(folder.resolve("nowhere.jar"), text, unreadable)) {
            Outcome refused = search("--main", "programs.Foreign$Racy", path.toString());
            assertThat(refused.err().lines()).singleElement().asString().contains("path=");
            assertThat(refused.status()).isEqualTo(2);
        }
    }

    @Test
    void aClassFileOfANewerVersionIsRefusedInOneLine() throws Exception {
        byte[] classFile = read("programs/Foreign$Alone.class");
        classFile[7] = 99;
        write("programs/Foreign$Alone.class", classFile);
        Outcome refused = search("--main", "programs.Foreign$Alone", folder.toString());
        assertThat(refused.err().lines())
                .singleElement()
                .asString()
                .contains("needs a newer Java", "programs.Foreign$Alone");
        assertThat(refused.status()).isEqualTo(2);
    }

    /** A class file of another version or code, in a jar or beside it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClassInAJarThatCannotBeUsedIsRefusedInOneLine(boolean newer) throws Exception {
        byte[] classFile = read("programs/Foreign$Alone.class");
        if (newer) {
            classFile[7] = 99;
        } else {
            breakCode(classFile);
        }
        Path jar = jar("alone.jar", "programs/Foreign$Alone.class", classFile);
        Outcome refused = search("--main", "programs.Foreign$Alone", jar.toString());
        assertThat(refused.err().lines())
                .singleElement()
                .asString()
                .contains(newer ? "needs a newer Java" : "VerifyError", "programs.Foreign$Alone");
        assertThat(refused.status()).isEqualTo(2);
    }

    /** The program's own class is good, the library that it uses in its threads is not. */
    @Test
    void aLibraryOfANewerVersionIsRefusedInOneLine() throws Exception {
        compile("Lib", "public class Lib { public static int one() { return 1; } }");
        byte[] library = Files.readAllBytes(folder.resolve("Lib.class"));
        compile(
                "User",
                """
                public class User {
                    public static void main(String[] arguments) throws Exception {
                        Thread t = new Thread(() -> Lib.one());
                        t.start();
                        t.join();
                    }
                }
                """);
        Files.delete(folder.resolve("Lib.class"));
        library[7] = 99;
        Path jar = jar("lib.jar", "Lib.class", library);
        String path = folder + File.pathSeparator + jar;
        Outcome found = search("--main", "User", path, "--executions", "5");
        assertThat(found.err().lines())
                .singleElement()
                .asString()
                .contains("do not fit together", "Lib has been compiled by a more recent version");
        assertThat(found.status()).isEqualTo(2);
    }

    private Path jar(String name, String entry, byte[] classFile) throws IOException {
        Path jar = folder.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry(entry));
            out.write(classFile);
        }
        return jar;
    }

    private static void breakCode(byte[] classFile) {
        int code = indexOf(classFile, new byte[] {(byte) 0xb2, 0}); // getstatic System.out
        classFile[code] = (byte) 0x57; // pop
    }

    private byte[] read(String resource) throws IOException {
        try (InputStream in =
                java.util.Objects.requireNonNull(
                        getClass().getClassLoader().getResourceAsStream(resource))) {
            return in.readAllBytes();
        }
    }

    private void write(String name, byte[] classFile) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, classFile);
    }

    @Test
    void aClassThatCannotBeWovenRunsAsItIs() throws Exception {
        StringBuilder source =
                new StringBuilder(
                        """
                        public class Large {
                            static int[] a = new int[1];
                            static void large() {
                        """);
        source.append("a[0]++;\n".repeat(3_000));
        source.append(
                """
                    }
                    public static void main(String[] arguments) throws Exception {
                        Thread t = new Thread(Large::large);
                        t.start();
                        t.join();
                        if (a[0] != 3000) throw new IllegalStateException("statics " + a[0]);
                    }
                }
                """);
        compile("Large", source.toString());
        Outcome passed = search("--main", "Large", folder.toString(), "--executions", "20");
        assertThat(passed.out())
                .contains(
                        "runs without scheduling points: Large",
                        "a new class loader for each execution",
                        "nothing found");
        assertThat(passed.status()).isZero();
    }

    private void compile(String name, String source) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        int compiled =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", "" + folder, "-cp", "" + folder, "" + file);
        assertThat(compiled).isZero();
    }

    /** In a class file as of Java 1.4 no instruction loads a class, as the woven code does. */
    @Test
    void aClassThatDoesNotVerifyOnceItIsWovenRunsAsItIs() throws Exception {
        compile(
                "Old",
                """
                public class Old implements Runnable {
                    static int count;
                    static synchronized void add() { count++; }
                    public void run() { add(); }
                    public static void main(String[] arguments) throws Exception {
                        Thread a = new Thread(new Old());
                        Thread b = new Thread(new Old());
                        a.start();
                        b.start();
                        a.join();
                        b.join();
                        if (count != 2) throw new IllegalStateException();
                    }
                }
                """);
        byte[] classFile = Files.readAllBytes(folder.resolve("Old.class"));
        classFile[7] = 49;
        write("Old.class", classFile);
        Outcome woven = search("--main", "Old", folder.toString(), "--executions", "20");
        assertThat(woven.out()).contains("nothing found").doesNotContain("without scheduling");
        classFile[7] = 48;
        write("Old.class", classFile);
        Outcome passed = search("--main", "Old", folder.toString(), "--executions", "20");
        Path jar = jar("old.jar", "Old.class", classFile);
        Files.delete(folder.resolve("Old.class"));
        Outcome inJar = search("--main", "Old", jar.toString(), "--executions", "20");
        for (Outcome each : List.of(passed, inJar)) {
            assertThat(each.err()).isEmpty();
            assertThat(each.out())
                    .contains(
                            "runs without scheduling points: Old: does not verify",
                            "nothing found");
            assertThat(each.status()).isZero();
        }
    }

    @Test
    void aClassThatDoesNotVerifyIsNamed() throws Exception {
        byte[] classFile = read("programs/Foreign$Alone.class");
        breakCode(classFile);
        write("programs/Foreign$Alone.class", classFile);
        Outcome refused = search("--main", "programs.Foreign$Alone", folder.toString());
        assertThat(refused.err().lines()).singleElement().asString().contains("VerifyError");
        assertThat(refused.status()).isEqualTo(2);
    }

    private static int indexOf(byte[] text, byte[] part) {
        for (int i = text.length - part.length; i > 0; i--) {
            if (text[i] == part[0] && text[i + 1] == part[1]) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }
}
