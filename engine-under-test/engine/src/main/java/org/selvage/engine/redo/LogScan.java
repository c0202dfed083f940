package org.selvage.engine.redo;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.CorruptLogException;
import org.selvage.engine.page.PageId;

/**
 * Reads the log from the checkpoint to its end and sorts the changes by page (recv_scan_log_recs,
 * recv_sys.pages). The log ends at the first place that holds no whole record of this epoch.
 */
final class LogScan {
    /** One mini-transaction's changes to one page. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record PageChange(long endLsn, boolean init, byte[] operations) {}

    private static final int WINDOW = 1 << 20;

    private final LogFiles files;
    private final long epoch;
    private final Map<PageId, List<PageChange>> changes = new HashMap<>();
    private final Map<Integer, String> deleted = new HashMap<>();
    private final Map<Integer, String> renamed = new HashMap<>();
    private long lsn;
    private long records;
    private long bytesRead;

    private byte[] window = {};
    private long windowLsn;

    private LogScan(LogFiles files, LogFiles.Checkpoint checkpoint) {
        this.files = files;
        this.epoch = checkpoint.epoch();
        this.lsn = checkpoint.lsn();
    }

    static LogScan from(LogFiles files, LogFiles.Checkpoint checkpoint) {
        LogScan scan = new LogScan(files, checkpoint);
        long limit = checkpoint.lsn() + files.capacity();
        ByteBuffer record = scan.next(limit);
        while (record != null) {
            scan.parse(record);
            scan.records++;
            record = scan.next(limit);
        }
        return scan;
    }

    /** Where the log ends. */
    long endLsn() {
        return lsn;
    }

    /** Mini-transactions that were read. */
    long records() {
        return records;
    }

    /** Bytes that were read from the files. */
    long bytesRead() {
        return bytesRead;
    }

    /** Changes of each page, in the order they were made. */
    Map<PageId, List<PageChange>> changes() {
        return changes;
    }

    /** Tablespaces whose deletion was logged, with their names. */
    Map<Integer, String> deleted() {
        return deleted;
    }

    /** Tablespaces whose file got another name, with the last one. */
    Map<Integer, String> renamed() {
        return renamed;
    }

    /** The content of the record at the LSN, which then moves behind it; null at the end. */
    private @Nullable ByteBuffer next(long limit) {
        if (lsn + LogHeader.RECORD_HEADER > limit) {
            return null;
        }
        ByteBuffer header = at(lsn, LogHeader.RECORD_HEADER);
        int length = header.getInt(LogHeader.RECORD_LENGTH);
        if (header.getLong(LogHeader.RECORD_LSN) != lsn
                || length <= LogHeader.RECORD_HEADER
                || length > limit - lsn) {
            return null;
        }
        ByteBuffer record = at(lsn, length);
        CRC32C crc = new CRC32C();
        crc.update(record.slice(LogHeader.RECORD_HEADER, length - LogHeader.RECORD_HEADER));
        int check = LogHeader.check((int) crc.getValue(), lsn, length, epoch);
        if (check != record.getInt(LogHeader.RECORD_CHECK)) {
            return null;
        }
        lsn += length;
        return record.position(LogHeader.RECORD_HEADER);
    }

    private ByteBuffer at(long from, int length) {
        if (from < windowLsn || from + length > windowLsn + window.length) {
            int wanted = (int) Math.min(Math.max(WINDOW, length), files.capacity());
            window = new byte[wanted];
            windowLsn = from;
            files.read(from, ByteBuffer.wrap(window));
            bytesRead += wanted;
        }
        return ByteBuffer.wrap(window, (int) (from - windowLsn), length).slice();
    }

    private void parse(ByteBuffer record) {
        try {
            parseAll(record);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw corrupt("record end", record.limit(), record.position());
        }
    }

    private CorruptLogException corrupt(String check, long expected, long actual) {
        return corrupt(check, expected, actual, lsn);
    }

    /** An error about the record that ends at an LSN. */
    CorruptLogException corrupt(String check, long expected, long actual, long endLsn) {
        return new CorruptLogException(files.fileOf(endLsn), check, 0, expected, actual, endLsn);
    }

    private void parseAll(ByteBuffer record) {
        while (record.hasRemaining()) {
            byte type = record.get();
            switch (type) {
                case LogHeader.INIT_PAGE -> parsePage(record, true);
                case LogHeader.PAGE -> parsePage(record, false);
                case LogHeader.FILE_CREATE -> parseFile(record, new HashMap<>());
                case LogHeader.FILE_RENAME -> parseFile(record, renamed);
                case LogHeader.FILE_DELETE -> parseFile(record, deleted);
                default -> throw corrupt("record type", LogHeader.PAGE, type);
            }
        }
    }

    private static void parseFile(ByteBuffer record, Map<Integer, String> target) {
        int space = record.getInt();
        byte[] name = new byte[record.getShort() & 0xFFFF];
        record.get(name);
        target.put(space, new String(name, StandardCharsets.UTF_8));
    }

    private void parsePage(ByteBuffer record, boolean init) {
        PageId page = new PageId(record.getInt(), record.getInt());
        if (page.pageNo() < 0) {
            throw corrupt("page number", 0, page.pageNo());
        }
        int start = record.position();
        byte operation = record.get();
        while (operation != LogHeader.END) {
            switch (operation) {
                case LogHeader.WRITE -> {
                    int offset = record.getShort() & 0xFFFF;
                    int length = record.getShort() & 0xFFFF;
                    requireInside(offset + length);
                    record.position(record.position() + length);
                }
                case LogHeader.MOVE -> {
                    int offset = Math.max(record.getShort() & 0xFFFF, record.getShort() & 0xFFFF);
                    requireInside(offset + (record.getShort() & 0xFFFF));
                }
                default -> throw corrupt("page operation", LogHeader.WRITE, operation);
            }
            operation = record.get();
        }
        byte[] operations = new byte[record.position() - start];
        record.get(start, operations);
        List<PageChange> list = changes.computeIfAbsent(page, id -> new ArrayList<>(2));
        if (init) {
            list.clear();
        }
        list.add(new PageChange(lsn, init, operations));
    }

    private void requireInside(int end) {
        if (end > files.pageSize()) {
            throw corrupt("end of a change", files.pageSize(), end);
        }
    }

    /** Makes a page what it was after a change. */
    static void apply(byte[] page, PageChange change) {
        ByteBuffer operations = ByteBuffer.wrap(change.operations());
        byte operation = operations.get();
        while (operation != LogHeader.END) {
            int first = operations.getShort() & 0xFFFF;
            int second = operations.getShort() & 0xFFFF;
            if (operation == LogHeader.WRITE) {
                operations.get(page, first, second);
            } else {
                int length = operations.getShort() & 0xFFFF;
                System.arraycopy(page, first, page, second, length);
            }
            operation = operations.get();
        }
    }
}
