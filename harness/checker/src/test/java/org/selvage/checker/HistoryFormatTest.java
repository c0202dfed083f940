package org.selvage.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.checker.format.HistoryFormat;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryException;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.specification.CasRegister;

class HistoryFormatTest {
    private static History read(String text) {
        HistoryRecorder recorder = new HistoryRecorder();
        InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        try {
            HistoryFormat.read(in, "h", null, recorder);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return recorder.history("h");
    }

    private static String write(HistoryFormat format, History history) {
        StringBuilder out = new StringBuilder();
        try {
            format.write(history, out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toString();
    }

    private static History casHistory() {
        HistoryRecorder r = new HistoryRecorder();
        r.invoke(0, "write", 3L);
        r.invoke(1, "cas", 1L, 2L);
        r.ok(0);
        r.ok(1, false);
        r.invoke(2, "cas", 3L, 4L);
        r.unknown(2);
        r.invoke(3, "read");
        r.fail(3);
        r.invoke(4, "read");
        r.ok(4, 4L);
        return r.history();
    }

    private static List<String> operations(History history) {
        Intervals intervals = Intervals.of(history);
        String[] all = new String[intervals.count()];
        Arrays.setAll(all, i -> intervals.outcome(i) + " " + intervals.operation(i));
        return List.of(all);
    }

    @Test
    void everyFormatReadsWhatItWrites() {
        for (HistoryFormat format :
                List.of(HistoryFormat.JSON_LINES, HistoryFormat.EDN, HistoryFormat.ETCD_LOG)) {
            History again = read(write(format, casHistory()));
            assertThat(operations(again)).as("%s", format).isEqualTo(operations(casHistory()));
            assertThat(write(format, again)).isEqualTo(write(format, casHistory()));
        }
        History queue = Workload.of("queue", 200, 4, true, 3);
        String violin = write(HistoryFormat.VIOLIN, queue);
        assertThat(operations(read(violin))).isEqualTo(operations(queue));
    }

    @Test
    void valuesOfEveryKindSurvive() {
        HistoryRecorder r = new HistoryRecorder();
        Object value =
                Arrays.asList(
                        1L,
                        -2.5,
                        "quote\" and \\ and \u00e9 and \u0001",
                        true,
                        null,
                        Map.of("k", List.of()));
        r.invoke(0, "write", value);
        r.crash();
        r.recovered();
        r.barrierInvoked(0);
        r.barrierReturned(0);
        for (HistoryFormat format : List.of(HistoryFormat.JSON_LINES, HistoryFormat.EDN)) {
            assertThat(read(write(format, r.history())).toString())
                    .isEqualTo(r.history().toString());
        }
    }

    @Test
    void aFailedCasOfTheEtcdLogsIsAnAnswerAndAFailedReadIsNone() {
        String log =
                """
                INFO  jepsen.core - starting
                INFO  jepsen.util - 0\t:invoke\t:write\t1
                INFO  jepsen.util - 0\t:ok\t:write\t1
                INFO  jepsen.util - 1\t:invoke\t:cas\t[1 2]
                INFO  jepsen.util - 1\t:fail\t:cas\t[1 2]
                INFO  jepsen.util - 2\t:invoke\t:read\tnil
                INFO  jepsen.util - 2\t:fail\t:read\t:timed-out
                """;
        assertThat(operations(read(log)))
                .containsExactly(
                        "OK write(1) -> 1", "OK cas(1, 2) -> false", "FAILED read() pending");
        assertThat(Checker.check(read(log), new CasRegister(), Budget.unlimited()))
                .isInstanceOf(Verdict.Invalid.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"invoke\",\"process\":0,\"f\":\"read\"|h:2: column=40 expected ',' or"
                        + " '}', found the end of the line",
                "{\"type\":\"call\",\"process\":0}|h:2: type=call is not one of invoke, ok, fail,"
                        + " info, crash, recovered",
                "{\"type\":\"invoke\",\"process\":0.5,\"f\":\"read\"}|h:2: process=0.5 is not a"
                        + " number from 0 on",
                "{\"type\":\"invoke\",\"process\":0}|h:2: f=null is not the name of an operation",
                "{\"type\":\"invoke\",\"process\":0,\"f\":tru}|h:2: column=37 expected true, false"
                        + " or null before here, found '}'",
                "[1]|h:2: expected a map with type, process, f and value"
            })
    void aMalformedLineIsNamed(String line, String message) {
        String first = "{\"type\":\"invoke\",\"process\":7,\"f\":\"read\"}\n";
        assertThatThrownBy(() -> read(first + line))
                .isInstanceOf(HistoryException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1] return 3|h:1: OK of process=1 without an open call",
                "[1] call add(1);[1] call add(2)|h:2: process=1 calls add while its call of add is"
                        + " open since line=1; give each client its own process",
                "{:type :crash};{:type :invoke :process 1 :f :read}|h:2: invoke after a crash and"
                        + " before recovered",
                "{:type :recovered}|h:1: recovered without a crash before it"
            })
    void anIllFormedHistoryIsRefusedWithItsLine(String text, String message) {
        assertThatThrownBy(() -> Intervals.of(read(text.replace(';', '\n'))))
                .isInstanceOf(HistoryException.class)
                .hasMessage(message);
    }

    @Test
    void anUnknownOperationIsRefusedWithItsLine() {
        History history =
                read(
                        "{:type :invoke :process 1 :f :read}\n"
                                + "{:type :invoke :process 2 :f :increment}");
        assertThatThrownBy(() -> Checker.check(history, new CasRegister(), Budget.unlimited()))
                .hasMessage(
                        "h:2: model=cas-register has no operation increment; it has [cas, read,"
                                + " write]");
    }

    @Test
    void junkIsFoundOutAtItsStart(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("junk");
        Files.write(file, new byte[] {'a', 'b', 0, 1, 2, (byte) 0xff});
        assertThatThrownBy(() -> HistoryFormat.read(file))
                .hasMessage(file + ":1: not text: byte=0 column=3");
        Files.write(file, new byte[] {'{', (byte) 0xff, '\n'});
        assertThatThrownBy(() -> HistoryFormat.read(file)).hasMessage(file + ":1: not UTF-8 text");
        Files.writeString(file, "hello\n");
        assertThatThrownBy(() -> HistoryFormat.read(file))
                .hasMessage(file + ":1: not a line of JSON, EDN, an etcd log or Violin");
        Files.writeString(file, "\n\n");
        assertThatThrownBy(() -> HistoryFormat.read(file))
                .hasMessage(file + ": no events; is it a history?");
        Files.writeString(file, "{" + " ".repeat(HistoryFormat.LONGEST_LINE));
        assertThatThrownBy(() -> HistoryFormat.read(file))
                .hasMessage(file + ":1: longer than " + HistoryFormat.LONGEST_LINE + " bytes");
        Files.delete(file);
        assertThatThrownBy(() -> HistoryFormat.read(file))
                .isInstanceOf(HistoryException.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void deepNestingIsRefusedAndDoesNotOverflowTheStack() {
        assertThatThrownBy(() -> read("{\"type\":" + "[".repeat(100_000)))
                .isInstanceOf(HistoryException.class)
                .hasMessageContaining("less nesting");
    }
}
