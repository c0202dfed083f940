package org.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code selvage check}: verdicts, exit statuses, and what it says of files that are no histories.
 */
final class CheckCommandTest {
    private static final String VALID =
            """
            {"process":0,"type":"invoke","f":"write","value":1}
            {"process":1,"type":"invoke","f":"read"}
            {"process":0,"type":"ok"}
            {"process":1,"type":"ok","value":1}
            """;
    private static final String STALE =
            """
            {"process":0,"type":"invoke","f":"write","value":1}
            {"process":0,"type":"ok"}
            {"process":0,"type":"invoke","f":"write","value":7}
            {"process":0,"type":"ok"}
            {"process":1,"type":"invoke","f":"read"}
            {"process":1,"type":"ok","value":1}
            """;
    private static final String LATE =
            """
            {"process":0,"type":"invoke","f":"write","value":1}
            {"type":"crash"}
            {"type":"recovered"}
            {"process":1,"type":"invoke","f":"read"}
            {"process":1,"type":"ok","value":null}
            {"process":1,"type":"invoke","f":"read"}
            {"process":1,"type":"ok","value":1}
            """;

    @TempDir private Path folder = Path.of("set by JUnit");

    private record Outcome(int status, String out, String err) {}

    private static Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Outcome(status, out.toString(), err.toString());
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void aValidHistoryIsValid() throws IOException {
        Outcome outcome = run("check", file("h", VALID), "--model", "register");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).startsWith("valid: ").contains("operations=2");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void aStaleReadIsExplained() throws IOException {
        Outcome outcome = run("check", file("h", STALE), "--model", "register");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out())
                .startsWith("not valid: ")
                .contains(
                        "first bad event: line 6 process 1",
                        "line 5 process 1  read() -> 1",
                        "next: read() -> 1 is impossible in state 7");
    }

    @Test
    void withCrashesTheStrongestCriterionThatHoldsIsNamed() throws IOException {
        String file = file("h", LATE);
        Outcome strict = run("check", file, "--model", "register");
        assertThat(strict.status()).isEqualTo(1);
        assertThat(strict.out())
                .contains("criterion=strict", "strongest criterion that holds: persistent-atomic");
        Outcome weaker = run("check", file, "--model", "register", "--criterion", "durable");
        assertThat(weaker.status()).isZero();
    }

    @Test
    void aFolderIsCheckedFileByFileAndTheWorstCounts() throws IOException {
        file("a", VALID);
        file("b", STALE);
        Outcome outcome = run("check", folder.toString(), "--model", "register");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("2 histories: valid=1 invalid=1 undecided=0 unreadable=0");
        file("c", "no history");
        Outcome unreadable = run("check", folder.toString(), "--model", "register");
        assertThat(unreadable.status()).isEqualTo(2);
        assertThat(unreadable.out())
                .contains("3 histories: valid=1 invalid=1 undecided=0 unreadable=1");
        assertThat(unreadable.err().strip().lines()).hasSize(1);
    }

    @Test
    void whatIsUndecidedIsNoPass() throws IOException {
        StringBuilder text = new StringBuilder();
        Random random = new Random(3);
        for (int process = 0; process < 60; process++) {
            text.append(event(process, "invoke", "add", random.nextInt(1 << 30)));
        }
        text.append(event(60, "invoke", "read", 0)).append(event(60, "ok", "read", 7));
        Outcome outcome =
                run("check", file("h", text.toString()), "--model", "counter", "--budget", "200ms");
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.out()).startsWith("undecided: ").contains("spent=");
    }

    private static String event(int process, String type, String function, long value) {
        return "{\"process\":"
                + process
                + ",\"type\":\""
                + type
                + "\",\"f\":\""
                + function
                + "\",\"value\":"
                + value
                + "}\n";
    }

    @Test
    void jsonSaysTheSame() throws IOException {
        String valid = file("a", VALID);
        String stale = file("b", STALE);
        String junk = file("c", "junk");
        Outcome outcome = run("check", valid, stale, junk, "--model", "register", "--json");
        assertThat(outcome.status()).isEqualTo(2);
        JsonNode root = JsonMapper.shared().readTree(outcome.out());
        assertThat(root.get("status").intValue()).isEqualTo(2);
        JsonNode histories = root.get("histories");
        assertThat(histories.get(0).get("verdict").stringValue()).isEqualTo("valid");
        assertThat(histories.get(0).get("linearization").toString()).isEqualTo("[0,1]");
        assertThat(histories.get(1).get("verdict").stringValue()).isEqualTo("invalid");
        assertThat(histories.get(1).get("firstBadLine").intValue()).isEqualTo(6);
        assertThat(histories.get(1).get("core").get(0).get("words").stringValue())
                .isEqualTo("read() -> 1");
        assertThat(histories.get(2).get("problem").stringValue()).startsWith(junk + ":1: ");
    }

    @Test
    void thePageHoldsTheHistoryAsDataOnly() throws IOException {
        String hostile = STALE.replace("7}", "\"</script><b>\"}");
        Path page = folder.resolve("pages/h.html");
        run("check", file("h", hostile), "--model", "register", "--html", page.toString());
        String html = Files.readString(page);
        assertThat(html)
                .startsWith("<!doctype html>")
                .contains("default-src 'none'", "\\u003c/script\\u003e\\u003cb\\u003e")
                .doesNotContain("</script><b>")
                .doesNotContain("http://", "https://");
        assertThat(html.split("</script>", -1)).hasSize(3);
        int from = html.indexOf("id=\"data\">") + 10;
        JsonNode data =
                JsonMapper.shared().readTree(html.substring(from, html.indexOf("</script>")));
        assertThat(data.get("ops").get("call").get(2).stringValue()).isEqualTo("read()");
        assertThat(data.get("ops").get("answer").get(2).stringValue()).isEqualTo("1");
        assertThat(data.get("core").get(0).get("operation").intValue()).isEqualTo(2);
        assertThat(data.get("firstBadEvent").intValue()).isEqualTo(5);
    }

    @Test
    void severalPagesGoToAFolder() throws IOException {
        String a = file("a", VALID);
        String b = file("b", STALE);
        Path pages = folder.resolve("pages");
        run("check", a, b, "--model", "register", "--html", pages.toString());
        assertThat(pages.resolve("a.html")).exists();
        assertThat(pages.resolve("b.html")).exists();
        Outcome one = run("check", a, b, "--model", "register", "--html", pages + "/c.html");
        assertThat(one.status()).isEqualTo(2);
        assertThat(one.err()).contains("several histories need a folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "check nowhere --model register | there is no such history: file=nowhere",
                "check FILE | Missing required option: '--model=M'",
                "check --model register | Missing required parameter",
                "check FILE --model regster | no such model: model=regster, known=[register,",
                "check FILE --model register --criterion hard | no such criterion: criterion=hard",
                "check FILE --model register --budget 5 | the budget of a check is a time",
                "check FILE --model register --budget x | neither a time such as 30s",
                "check EMPTY --model register | the folder has no files: folder=",
            })
    void badUseGetsOneClearLine(String line, String expected) throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        String history = file("h", VALID);
        Outcome outcome =
                run(line.replace("FILE", history).replace("EMPTY", empty.toString()).split(" "));
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err().stripTrailing().lines()).hasSize(1);
        assertThat(outcome.err()).startsWith("selvage: ").contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"value\": | 5 | column=50 expected a number",
                "{\"process\":0,\"type\":\"ok\",\"value\":3} | 5 | OK of process=0 without an open call",
                "{\"process\":5,\"type\":\"invoke\",\"f\":\"push\",\"value\":3} | 5 | model=register has no operation push",
                "{\"process\":0,\"type\":\"begin\",\"f\":\"write\"} | 5 | type=begin is not one of invoke, ok",
                "{\"process\":-4,\"type\":\"invoke\",\"f\":\"read\"} | 5 | process=-4 is not a number from 0 on",
                "{\"type\":\"recovered\"} | 5 | recovered without a crash before it",
                "[1] call add(1) | 5 | expected the end of the line",
                "~x\u0001~ | 5 | not text: byte=1 column=2",
            })
    void aBadLineIsNamed(String bad, int line, String expected) throws IOException {
        String history = file("h", VALID + bad + "\n" + VALID);
        Outcome outcome = run("check", history, "--model", "register");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err().stripTrailing().lines()).hasSize(1);
        assertThat(outcome.err()).startsWith("selvage: " + history + ":" + line + ": ");
        assertThat(outcome.err()).contains(expected);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void twoOpenCallsOfOneProcessAreRefusedWithBothLines() throws IOException {
        String call = VALID.lines().findFirst().orElseThrow() + "\n";
        String history = file("h", call + call);
        Outcome outcome = run("check", history, "--model", "register");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
                .contains(history + ":2: ", "while its call of write is open since line=1");
    }

    @Test
    void binaryJunkIsRefusedAtItsFirstLine() throws IOException {
        byte[] junk = new byte[100_000];
        new Random(5).nextBytes(junk);
        Path file = Files.write(folder.resolve("junk"), junk);
        Outcome outcome = run("check", file.toString(), "--model", "register");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("selvage: " + file + ":1: ");
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        assertThat(run("check", empty.toString(), "--model", "register").err())
                .contains("no events; is it a history?");
    }

    /** A file several times as large as the heap of the JVM that checks it. */
    @Test
    void aLargeFileIsStreamedInASmallHeap() throws Exception {
        Path valid = folder.resolve("large");
        try (BufferedWriter out = Files.newBufferedWriter(valid)) {
            writeRegister(out, 300_000);
        }
        assertThat(Files.size(valid)).isGreaterThan(24L * 1024 * 1024);
        Outcome streamed = fork("check", valid.toString(), "--model", "register");
        assertThat(streamed.status()).as(streamed.out() + streamed.err()).isZero();
        assertThat(streamed.out()).startsWith("valid: ").contains("events=600000");
        String stale = event(0, "invoke", "read", 0) + event(0, "ok", "read", 1);
        Files.writeString(valid, stale, StandardOpenOption.APPEND);
        Outcome bad = fork("check", valid.toString(), "--model", "register");
        assertThat(bad.status()).as(bad.out() + bad.err()).isEqualTo(1);
        assertThat(bad.out()).contains("response of read, called at line 600001");
    }

    /** Three clients in turn write values that are all different and read them back. */
    private static void writeRegister(Appendable out, int operations) throws IOException {
        for (int i = 0; i < operations / 3; i++) {
            out.append(event(0, "invoke", "write", i + 10L));
            out.append(event(1, "invoke", "read", 0));
            out.append(event(0, "ok", "write", i + 10L));
            out.append(event(2, "invoke", "read", 0));
            out.append(event(1, "ok", "read", i + 10L));
            out.append(event(2, "ok", "read", i + 10L));
        }
    }

    private Outcome fork(String... arguments) throws Exception {
        Path out = folder.resolve("fork.out");
        Path err = folder.resolve("fork.err");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-Xmx24m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .directory(new File("."))
                        .start();
        int status = process.waitFor();
        return new Outcome(
                status,
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
