package org.selvage.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that is given less than it needs. It writes lines to its output: what it has done, then
 * the type and the message of the error that ended it.
 */
public final class LimitedLoad {
    private LimitedLoad() {}

    static EngineConfig config(int maxOpenFiles) {
        return Engines.small()
                .maxOpenFiles(maxOpenFiles)
                .durability(Durability.FULL.withFsync(false).withLogFileBytes(300_000))
                .build();
    }

    /** Folder, "rows" or "tables", number of files that may be open. */
    public static void main(String[] arguments) {
        EngineConfig config = config(Integer.parseInt(arguments[2]));
        loadClasses(Path.of(arguments[0]).resolve("warm"), config);
        try (Engine engine = Engine.open(Path.of(arguments[0]).resolve("data"), config)) {
            if (arguments[1].equals("rows")) {
                insertRows(engine);
            } else {
                createTables(engine);
            }
        } catch (EngineException e) {
            line(e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    /** The JVM needs files too: it has read its classes before they run out. */
    private static void loadClasses(Path folder, EngineConfig config) {
        try (Engine engine = Engine.open(folder, config)) {
            Engines.createKv(engine, "t");
            for (long key = 0; key < 300; key++) {
                engine.insert("t", key, Engines.spread(key), "c");
            }
            Files.createDirectory(folder.resolve("taken.ibd"));
            Engines.createKv(engine, "taken");
        } catch (EngineIoException e) {
            line("loaded");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void insertRows(Engine engine) {
        Engines.createKv(engine, "t");
        for (long key = 0; key < 100_000; key++) {
            engine.insert("t", key, Engines.spread(key), "c".repeat(100));
            line("done " + key);
        }
    }

    private static void createTables(Engine engine) {
        for (int t = 0; t < 150; t++) {
            Engines.createKv(engine, "t" + t);
            line("done " + t);
        }
    }

    private static void line(String line) {
        System.out.println(line);
    }
}
