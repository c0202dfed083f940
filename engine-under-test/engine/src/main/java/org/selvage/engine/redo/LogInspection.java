package org.selvage.engine.redo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.selvage.engine.EngineIoException;
import org.selvage.engine.page.PageId;
import org.selvage.engine.tablespace.SharedFile;

/** What a redo log says, read as recovery would read it and without changing anything. */
public final class LogInspection {
    private LogInspection() {}

    /**
     * Lines about the log of a data folder: its checkpoint, its end, and what lies between.
     *
     * @throws org.selvage.engine.CorruptLogException when a header or both checkpoints are damaged
     */
    public static List<String> of(Path dir) {
        List<String> lines = new ArrayList<>();
        try (LogFiles files = LogFiles.open(dir, pageSize(dir.resolve("ib_logfile0")), false)) {
            LogFiles.Checkpoint checkpoint = files.readCheckpoint();
            LogScan scan = LogScan.from(files, checkpoint);
            lines.add(
                    "redo log: capacity="
                            + files.capacity()
                            + " checkpoint="
                            + checkpoint.number()
                            + " checkpoint_lsn="
                            + checkpoint.lsn()
                            + " epoch="
                            + checkpoint.epoch());
            lines.add(
                    "since the checkpoint: end_lsn="
                            + scan.endLsn()
                            + " records="
                            + scan.records()
                            + " pages="
                            + scan.changes().size());
            Map<Integer, Integer> pages = new TreeMap<>();
            for (PageId page : scan.changes().keySet()) {
                pages.merge(page.spaceId(), 1, Integer::sum);
            }
            pages.forEach((space, count) -> lines.add("space " + space + ": pages=" + count));
            scan.renamed().forEach((space, name) -> lines.add("renamed: " + space + " " + name));
            scan.deleted().forEach((space, name) -> lines.add("deleted: " + space + " " + name));
        }
        return lines;
    }

    private static int pageSize(Path file) {
        ByteBuffer header = ByteBuffer.allocate(LogHeader.PAGE_SIZE + Integer.BYTES);
        try (SharedFile log = SharedFile.open(file)) {
            log.read(header, 0);
        } catch (IOException e) {
            throw new EngineIoException("read", file.toString(), 0, header.capacity(), e);
        }
        return header.getInt(LogHeader.PAGE_SIZE);
    }
}
