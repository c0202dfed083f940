package org.selvage.scenarios;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.selvage.disk.DiskImage;
import org.selvage.disk.DiskListener;
import org.selvage.disk.SimulatedDisk;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.dictionary.ColumnType;
import org.selvage.search.Scenario;

/**
 * DROP TABLE against the background merge of the change buffer: report 1, MDEV-12741.
 *
 * <p>Tables with changes buffered for their secondary index lie on the prepared disk. An execution
 * opens the engine on a copy of that disk; the master thread begins to merge as a client drops a
 * table, with the I/O handlers and the page cleaner at work. An error line in the engine's log is a
 * finding, and so is a history of the clients that is not linearizable, and whatever {@link
 * Engine#validate} objects to in the end.
 *
 * <p>A search that is to come to its end takes a small program in which the merge still reads a
 * page of the dropped table: {@code rows=41}, {@code tables=2}, {@code io-capacity=1}, so that the
 * master thread asks for a batch of pages once instead of until they were read, and {@code
 * master-interval=500}, which lets the merge and the drop begin before the page cleaner wakes, at
 * 1000 ms.
 */
public final class DropVsMerge implements Scenario {
    private static final String VICTIM = "t1";
    private static final Size TABLES = new Size("tables", 1, 2);
    private static final Size ROWS = new Size("rows", 1, 100);

    @Override
    public String name() {
        return "drop-vs-merge";
    }

    @Override
    public String summary() {
        return "DROP TABLE against the background merge of the change buffer (report 1)";
    }

    @Override
    public List<Variant> profiles() {
        return Profiles.all();
    }

    @Override
    public List<Size> sizes() {
        return List.of(TABLES, ROWS);
    }

    @Override
    public Program prepare(Setup setup) {
        Parameters parameters =
                new Parameters(
                        setup.parameters(),
                        Set.of(
                                "tables",
                                "rows",
                                "page-size",
                                "pool-pages",
                                "io-capacity",
                                "master-interval",
                                "latch-check"));
        int tables = parameters.number(TABLES, 100);
        int rows = parameters.number(ROWS, 100_000);
        EngineConfig searched = SearchedEngine.config(parameters, setup);
        DiskImage image = fill(searched, tables, rows);
        TableHistory history = new TableHistory(contents(tables, rows));
        return () -> execute(image, searched, tables, history);
    }

    private static Map<String, Map<Long, Long>> contents(int tables, int rows) {
        Map<Long, Long> contents = new TreeMap<>();
        for (int row = 0; row < rows; row++) {
            contents.put((long) row, scattered(row));
        }
        Map<String, Map<Long, Long>> all = new TreeMap<>();
        for (int t = 1; t <= tables; t++) {
            all.put("t" + t, contents);
        }
        return all;
    }

    /** Makes the tables, with changes left in the change buffer. */
    private static DiskImage fill(EngineConfig searched, int tables, int rows) {
        SimulatedDisk disk = new SimulatedDisk(DiskImage.empty(), DiskListener.NONE);
        Path folder = disk.path(SearchedEngine.FOLDER);
        EngineConfig quiet = searched.toBuilder().backgroundThreads(false).build();
        try (Engine engine = Engine.open(folder, quiet)) {
            for (int t = 1; t <= tables; t++) {
                engine.createTable(
                        "t" + t, List.of(new Column("c", ColumnType.LONG)), List.of("c"));
            }
            for (int row = 0; row < rows; row++) {
                for (int t = 1; t <= tables; t++) {
                    engine.insert("t" + t, row, scattered(row));
                }
            }
        }
        return disk.image();
    }

    /**
     * Spreads neighbouring rows over the index, so that its leaves leave the pool between two
     * inserts.
     */
    private static long scattered(int row) {
        return (row * 7919L) % 1009L;
    }

    private static void execute(
            DiskImage image, EngineConfig config, int tables, TableHistory history)
            throws InterruptedException {
        SimulatedDisk disk = new SimulatedDisk(image, new DiskPoints());
        ErrorLog log =
                new ErrorLog(line -> {
                    if (line.startsWith("[ERROR]")) {
                        throw new EngineErrorLine(line);
                    }
                });
        Engine engine = Engine.open(disk.path(SearchedEngine.FOLDER), config, log);
        history.begin();
        Statements statements = new EngineStatements(engine);
        Client client = history.client(0, statements);
        Thread dropper = new Thread(() -> drop(client, config), "drop-table");
        dropper.start();
        dropper.join();
        if (engine.tableNames().size() != tables - 1) {
            throw new AssertionError("the dropped table is listed: tables=" + engine.tableNames());
        }
        Client observer = history.client(1, statements);
        observer.read(VICTIM, 0);
        if (tables > 1) {
            observer.read("t2", 0);
        }
        history.check();
        engine.validate();
    }

    /** Drops the table as the master thread begins its round. */
    private static void drop(Client client, EngineConfig config) {
        SearchedEngine.awaitMasterRound(config);
        client.drop(VICTIM);
    }
}
