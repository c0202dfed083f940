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

    private static final String MISSING_SPACE =
            "[ERROR] InnoDB: Trying to do I/O to a tablespace which does not exist.";

    /** What one client does. */
    interface Work {
        void on(Client client);
    }

    private final String name;
    private final String summary;
    private final List<Variant> defects;

    LifecycleScenario(String name, String summary, List<Variant> defects) {
        this.name = name;
        this.summary = summary;
        this.defects = defects;
    }

    /** What the clients do, one after another in the numbers of their processes. */
    abstract List<Work> clients();

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
    public final Program prepare(Setup setup) {
        Parameters parameters =
                new Parameters(setup.parameters(), Set.of("rows", "page-size", "pool-pages"));
        int rows = parameters.number("rows", 2, 0, 1000);
        EngineConfig config = SearchedEngine.config(parameters, setup);
        DiskImage image = fill(config, rows);
        TableHistory history = new TableHistory(Map.of(TABLE, prepared(rows)));
        List<Work> clients = clients();
        return () -> execute(image, config, setup.defects(), history, clients);
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
    private static DiskImage fill(EngineConfig searched, int rows) {
        SimulatedDisk disk = new SimulatedDisk(DiskImage.empty(), DiskListener.NONE);
        Path folder = disk.path(SearchedEngine.FOLDER);
        EngineConfig quiet = searched.toBuilder().backgroundThreads(false).build();
        try (Engine engine = Engine.open(folder, quiet)) {
            new EngineStatements(engine).create(TABLE);
        }
        try (Engine engine = Engine.open(folder, quiet)) {
            for (long key = 0; key < rows; key++) {
                new EngineStatements(engine).insert(TABLE, key, VALUE);
            }
        }
        return disk.image();
    }

    private static void execute(
            DiskImage image,
            EngineConfig config,
            List<String> defects,
            TableHistory history,
            List<Work> clients)
            throws InterruptedException {
        SimulatedDisk disk = new SimulatedDisk(image, new DiskPoints());
        Engine engine =
                Engine.open(
                        disk.path(SearchedEngine.FOLDER),
                        config,
                        new ErrorLog(LifecycleScenario::judge));
        Statements statements = Defects.around(new EngineStatements(engine), defects);
        history.begin();
        List<Thread> threads = new ArrayList<>();
        for (int process = 0; process < clients.size(); process++) {
            Work work = clients.get(process);
            Client client = history.client(process, statements);
            Thread thread = new Thread(() -> begin(work, client), "client-" + process);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Client observer = history.client(clients.size(), statements);
        observer.read(TABLE, 0);
        observer.scan(TABLE, VALUE);
        history.check();
        engine.validate();
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
