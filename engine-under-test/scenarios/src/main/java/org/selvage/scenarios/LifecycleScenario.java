package org.selvage.scenarios;

import java.nio.file.Path;
import java.util.ArrayList;
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
import org.selvage.search.Scenario;

/**
 * A few clients on one table, and the history of what they saw.
 *
 * <p>The table {@link #TABLE} lies on the prepared disk with some rows, all of the value {@link
 * #VALUE}, whose index records may still be in the change buffer. The clients start as the master
 * thread begins its round. When they have ended, another client looks at the table, and the history
 * must be linearizable, the engine valid, and its error log without errors. One error is left to
 * the scenario drop-vs-merge: profiles of MySQL write it when a merge meets a drop.
 */
abstract class LifecycleScenario implements Scenario {
    /** The table that the clients work on. */
    static final String TABLE = "t1";

    /** The value of the rows on the prepared disk. */
    static final long VALUE = 7;

    private static final int DEFAULT_ROWS = 2;

    /** Data folder of the engine whose table is imported. */
    private static final String EXPORTER = "/exporter";

    private static final String MISSING_SPACE =
            "[ERROR] InnoDB: Trying to do I/O to a tablespace which does not exist.";

    /** What the table may be renamed to. */
    static final String OTHER = "t2";

    /** What one client does. */
    interface Work {
        void on(Client client);
    }

    private final String name;
    private final String summary;
    private final List<Variant> defects;
    private final Size rows;

    LifecycleScenario(String name, String summary, List<Variant> defects) {
        this(name, summary, defects, DEFAULT_ROWS);
    }

    /**
     * A scenario with another number of rows.
     *
     * @param defaultRows rows on the prepared disk, with the keys from 0 on
     */
    LifecycleScenario(String name, String summary, List<Variant> defects, int defaultRows) {
        this.name = name;
        this.summary = summary;
        this.defects = defects;
        this.rows = new Size("rows", 0, defaultRows);
    }

    /** What the clients do, one after another in the numbers of their processes. */
    abstract List<Work> clients();

    /** Settings other than those of every scenario. */
    EngineConfig.Builder configure(EngineConfig.Builder builder) {
        return builder;
    }

    /** Frames of the pool unless the user says otherwise. */
    int poolPages() {
        return 16;
    }

    /** Length of a further column that makes the rows wide. */
    int padding() {
        return 0;
    }

    /** Whether the disk has a copy of the table to import. */
    boolean exports() {
        return false;
    }

    /** Whether the engine is shut down under the clients and opened again before the last look. */
    boolean closes() {
        return false;
    }

    /** The rows of the table that lies there to be imported. */
    static Map<Long, Long> imported() {
        return prepared(DEFAULT_ROWS);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String summary() {
        return summary;
    }

    @Override
    public final List<Variant> profiles() {
        return Profiles.all();
    }

    @Override
    public final List<Variant> defects() {
        return defects;
    }

    @Override
    public final List<Size> sizes() {
        return List.of(size(clients()), rows);
    }

    /** How many of its clients take part: the first ones. */
    private static Size size(List<Work> clients) {
        return new Size("clients", 1, clients.size());
    }

    @Override
    public final Program prepare(Setup setup) {
        Parameters parameters =
                new Parameters(
                        setup.parameters(),
                        Set.of("clients", "rows", "page-size", "pool-pages", "latch-check"));
        int keys = parameters.number(rows, 1000);
        List<Work> clients = clients();
        int some = parameters.number(size(clients), clients.size());
        EngineConfig config =
                configure(SearchedEngine.config(parameters, setup, poolPages()).toBuilder())
                        .build();
        DiskImage image = fill(config, keys, exports());
        TableHistory history = new TableHistory(Map.of(TABLE, prepared(keys)));
        List<Work> first = clients.subList(0, some);
        return () -> execute(image, config, setup.defects(), history, first);
    }

    private static Map<Long, Long> prepared(int rows) {
        Map<Long, Long> prepared = new TreeMap<>();
        for (long key = 0; key < rows; key++) {
            prepared.put(key, VALUE);
        }
        return prepared;
    }

    /**
     * Makes the table, and opens the engine again for each row so that its leaf is not in the pool.
     */
    private DiskImage fill(EngineConfig searched, int rows, boolean export) {
        SimulatedDisk disk = new SimulatedDisk(DiskImage.empty(), DiskListener.NONE);
        Path folder = disk.path(SearchedEngine.FOLDER);
        EngineConfig quiet = searched.toBuilder().backgroundThreads(false).build();
        if (export) {
            export(disk.path(EXPORTER), quiet);
        }
        try (Engine engine = Engine.open(folder, quiet)) {
            new EngineStatements(engine, padding()).create(TABLE);
        }
        try (Engine engine = Engine.open(folder, quiet)) {
            for (long key = 0; key < rows; key++) {
                new EngineStatements(engine, padding()).insert(TABLE, key, VALUE);
            }
        }
        return disk.image();
    }

    /** Another engine's table of the same name, with the rows that are imported. */
    private void export(Path folder, EngineConfig config) {
        try (Engine engine = Engine.open(folder, config)) {
            EngineStatements statements = new EngineStatements(engine, padding());
            statements.create(TABLE);
            imported().forEach((key, value) -> statements.insert(TABLE, key, value));
            statements.export(TABLE);
        }
    }

    private void execute(
            DiskImage image,
            EngineConfig config,
            List<String> defects,
            TableHistory history,
            List<Work> clients)
            throws InterruptedException {
        SimulatedDisk disk = new SimulatedDisk(image, new DiskPoints());
        Engine engine = open(disk, config);
        Statements statements = Defects.around(new EngineStatements(engine, padding()), defects);
        history.begin();
        List<Thread> threads = new ArrayList<>();
        for (int process = 0; process < clients.size(); process++) {
            Work work = clients.get(process);
            Client client = history.client(process, statements);
            Thread thread = new Thread(() -> begin(work, client), "client-" + process);
            threads.add(thread);
            thread.start();
        }
        if (closes()) {
            SearchedEngine.awaitMasterRound();
            engine.close();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (closes()) {
            engine = open(disk, config);
        }
        Client observer =
                history.client(
                        clients.size(),
                        closes() ? new EngineStatements(engine, padding()) : statements);
        observe(observer);
        history.check();
        engine.validate();
    }

    /** The last look at what the clients left. */
    void observe(Client observer) {
        observer.read(TABLE, 0);
        observer.scan(TABLE, VALUE);
    }

    private static Engine open(SimulatedDisk disk, EngineConfig config) {
        return Engine.open(
                disk.path(SearchedEngine.FOLDER), config, new ErrorLog(LifecycleScenario::judge));
    }

    private static void judge(String line) {
        if (line.startsWith("[ERROR]") && !line.startsWith(MISSING_SPACE)) {
            throw new EngineErrorLine(line);
        }
    }

    /** Works as the master thread begins its round. */
    private static void begin(Work work, Client client) {
        SearchedEngine.awaitMasterRound();
        work.on(client);
    }
}
