package org.selvage.engine.tablespace;

import java.io.IOException;
import java.nio.file.Path;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.ErrorLog;

/** A process that holds a data folder until its standard input ends. */
public final class FolderHolder {
    private FolderHolder() {}

    public static void main(String[] args) throws IOException {
        EngineConfig config = EngineConfig.builder().pageSize(512).build();
        FilSystem fil = FilSystem.open(Path.of(args[0]), config, new ErrorLog());
        System.out.write('h');
        System.out.flush();
        System.in.read();
        fil.close();
    }
}
