package org.selvage.engine.redo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.CorruptLogException;
import org.selvage.engine.page.PageId;

/** Records whose check is right and whose content cannot be. */
class LogScanTest {
    private static final int PAGE_SIZE = 512;
    private static final PageId PAGE = new PageId(1, 3);

    @TempDir Path dir;

    private LogScan scan(Consumer<LogRecord> content) {
        LogFiles.create(dir, 1 << 20, PAGE_SIZE);
        LogFiles files = LogFiles.open(dir, PAGE_SIZE, false);
        try {
            LogRecord record = new LogRecord();
            content.accept(record);
            record.finish();
            byte[] bytes = new byte[record.length()];
            record.copyTo(bytes, 0, RedoLog.START_LSN, 1);
            files.write(RedoLog.START_LSN, bytes, bytes.length);
            return LogScan.from(files, new LogFiles.Checkpoint(1, RedoLog.START_LSN, 1));
        } finally {
            files.close();
        }
    }

    private void requireRefused(Consumer<LogRecord> content, String evidence) {
        assertThatThrownBy(() -> scan(content))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("ib_logfile0")
                .hasMessageContaining(evidence);
    }

    @Test
    void aChangeUpToTheEndOfItsPage() {
        LogScan scan =
                scan(record -> {
                    record.beginPage(PAGE, false);
                    record.write(new byte[PAGE_SIZE], 500, 12);
                    record.move(0, 256, 256);
                    record.endPage();
                });
        assertThat(scan.records()).isOne();
        assertThat(scan.changes()).containsOnlyKeys(PAGE);
    }

    @Test
    void aWriteBehindTheEndOfItsPage() {
        requireRefused(
                record -> {
                    record.beginPage(PAGE, false);
                    record.write(new byte[1024], 500, 13);
                    record.endPage();
                },
                "bad end of a change. file=");
    }

    @Test
    void aMoveBehindTheEndOfItsPage() {
        requireRefused(
                record -> {
                    record.beginPage(PAGE, false);
                    record.move(0, 257, 256);
                    record.endPage();
                },
                "expected=0x200 actual=0x201");
    }

    @Test
    void aPageWithoutAnEnd() {
        requireRefused(record -> record.beginPage(PAGE, false), "bad record end");
    }

    @Test
    void aNegativePageNumber() {
        requireRefused(
                record -> {
                    record.beginPage(new PageId(1, -1), true);
                    record.endPage();
                },
                "bad page number");
    }

    @Test
    void anUnknownOperation() {
        requireRefused(record -> record.file((byte) 9, 1, "t"), "bad record type");
    }
}
