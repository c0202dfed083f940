package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorLogTest {
    @TempDir Path dir;

    @Test
    void linesCarryTheirLevelInOrder() {
        ErrorLog log = new ErrorLog();
        log.error("a");
        log.warning("b");
        log.note("c");
        assertThat(log.lines())
                .containsExactly("[ERROR] InnoDB: a", "[Warning] InnoDB: b", "[Note] InnoDB: c");
    }

    @Test
    void listenerIsCalledOnTheLoggingThread() {
        List<Thread> threads = new ArrayList<>();
        ErrorLog log = new ErrorLog(line -> threads.add(Thread.currentThread()));
        log.error("a");
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void fileGetsEveryLineAndIsAppendedTo() throws Exception {
        Path file = dir.resolve("error.log");
        for (String line : List.of("first", "second")) {
            try (ErrorLog log = ErrorLog.appendingTo(file, null)) {
                log.error(line);
            }
        }
        assertThat(Files.readAllLines(file))
                .containsExactly("[ERROR] InnoDB: first", "[ERROR] InnoDB: second");
    }

    @Test
    void memoryKeepsTheNewestLines() {
        ErrorLog log = new ErrorLog();
        for (int i = 0; i <= ErrorLog.CAPACITY; i++) {
            log.error("" + i);
        }
        assertThat(log.lines()).hasSize(ErrorLog.CAPACITY).first().isEqualTo("[ERROR] InnoDB: 1");
    }
}
