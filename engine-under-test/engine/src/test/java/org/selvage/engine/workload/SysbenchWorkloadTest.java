package org.selvage.engine.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.Engines;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.workload.SysbenchWorkload.Options;
import org.selvage.engine.workload.SysbenchWorkload.Result;

class SysbenchWorkloadTest {
    private static final String MISSING_SPACE =
            "[ERROR] InnoDB: Trying to do I/O to a tablespace which does not exist. I/O type: read";

    @TempDir Path dir;

    private static EngineConfig.Builder config(String protocol) {
        return Engines.small()
                .poolPages(128)
                .changeBufferMaxPercent(50)
                .deleteProtocol(protocol)
                .backgroundThreads(true)
                .masterIntervalMillis(1);
    }

    @ParameterizedTest
    @MethodSource("org.selvage.engine.Engines#protocols")
    void twentyTablesArePreparedRunAndDropped(String protocol) {
        Options options = new Options(20, 300, 4, 500, 50, 30, 7);
        ErrorLog log = new ErrorLog();
        Result result = new SysbenchWorkload(options).run(dir, config(protocol).build(), log);
        assertThat(result.rowsDeleted()).isBetween(1000L, 2000L);
        assertThat(result.rowsReinserted()).isBetween(1L, result.rowsDeleted());
        assertThat(result.statusBeforeCleanup()).contains("name=sbtest20 ");
        assertThat(result.status()).doesNotContain("name=sbtest").contains("Innodb_ibuf_merges ");
        if (protocol.equals(EngineConfig.MYSQL_5_7_22)) {
            assertThat(result.errorLog()).allMatch(line -> line.startsWith(MISSING_SPACE));
        } else {
            assertThat(result.errorLog()).isEmpty();
        }
        try (Engine engine = Engines.open(dir, config(protocol))) {
            assertThat(engine.tableNames()).isEmpty();
            assertThat(engine.validate()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("org.selvage.engine.Engines#protocols")
    void theDataIsWholeAfterTheClients(String protocol) {
        Options options = new Options(6, 400, 4, 600, 60, 30, 11);
        SysbenchWorkload workload = new SysbenchWorkload(options);
        long rows;
        try (Engine engine = Engines.open(dir, config(protocol))) {
            workload.prepare(engine);
            long[] counts = workload.runClients(engine);
            rows = 6L * 400 - counts[0] + counts[1];
            assertThat(engine.status().changeBuffer().bufferedDeleteMarks()).isPositive();
            assertThat(engine.validate()).isEqualTo(rows);
            assertThat(engine.errorLog().lines()).isEmpty();
        }
        try (Engine engine = Engines.open(dir, config(protocol))) {
            assertThat(engine.validate()).isEqualTo(rows);
        }
    }
}
