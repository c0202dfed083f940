package org.selvage.engine.redo;

import org.selvage.engine.CorruptLogException;
import org.selvage.engine.DataFolderException;
import org.selvage.engine.DataFolderException.Reason;
import org.selvage.engine.EngineIoException;
import org.selvage.engine.InvalidConfigException;
import org.selvage.engine.tablespace.SharedFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The circular log files and their checkpoint blocks. A log sequence number counts bytes of
 * records, so it says where in the files a record is.
 */
public final class LogFiles implements AutoCloseable {
    /** A checkpoint block. */
    record Checkpoint(long number, long lsn, long epoch) {}

    private static final int ZEROES = 1 << 18;

    private final SharedFile[] files;
    private final long fileBytes;
    private final int pageSize;

    /** Files with records that may not be durable; guarded by the log's write lock. */
    private final boolean[] unforced;

    private LogFiles(SharedFile[] files, long fileBytes, int pageSize) {
        this.files = files;
        this.unforced = new boolean[files.length];
        this.fileBytes = fileBytes;
        this.pageSize = pageSize;
    }

    /** Whether the folder has log files. */
    public static boolean exist(Path dir) {
        return Files.exists(dir.resolve(LogHeader.FILES[0]))
                || Files.exists(dir.resolve(LogHeader.FILES[1]));
    }

    /** Whether a file of that name is a log file. */
    public static boolean isLogFile(String name) {
        return name.equals(LogHeader.FILES[0]) || name.equals(LogHeader.FILES[1]);
    }

    /**
     * Makes the log files of a new folder, filled with zeros and durable. Remainders of an
     * interrupted call are replaced.
     *
     * @param fileBytes bytes of each file
     */
    public static void create(Path dir, long fileBytes, int pageSize) {
        long least = LogHeader.FILE_HEADER + 512L * pageSize;
        if (fileBytes < least) {
            throw new InvalidConfigException("logFileBytes", fileBytes, "at least " + least);
        }
        for (int i = 0; i < LogHeader.FILES.length; i++) {
            Path path = dir.resolve(LogHeader.FILES[i]);
            try {
                Files.deleteIfExists(path);
                try (SharedFile file = SharedFile.create(path)) {
                    writeNew(file, i, fileBytes, pageSize);
                }
            } catch (IOException e) {
                throw new EngineIoException("create", path.toString(), 0, 0, e);
            }
        }
    }

    private static void writeNew(SharedFile file, int number, long fileBytes, int pageSize)
            throws IOException {
        ByteBuffer zeroes = ByteBuffer.allocate(ZEROES);
        for (long at = 0; at < fileBytes; at += ZEROES) {
            file.write(zeroes.clear().limit((int) Math.min(ZEROES, fileBytes - at)), at);
        }
        ByteBuffer header = ByteBuffer.allocate(LogHeader.BLOCK);
        header.putLong(LogHeader.MAGIC, LogHeader.MAGIC_VALUE);
        header.putInt(LogHeader.FORMAT, LogHeader.FORMAT_VALUE);
        header.putInt(LogHeader.FILE_NUMBER, number);
        header.putLong(LogHeader.FILE_BYTES, fileBytes);
        header.putInt(LogHeader.PAGE_SIZE, pageSize);
        stamp(header);
        file.write(header, 0);
        if (number == 0) {
            file.write(
                    checkpointBlock(new Checkpoint(1, RedoLog.START_LSN, 1)),
                    LogHeader.CHECKPOINT_1);
        }
        file.force();
    }

    /**
     * Opens the log files of a folder.
     *
     * @throws CorruptLogException when a header or both checkpoints cannot be read
     * @throws DataFolderException when one is missing or made for another page size
     */
    public static LogFiles open(Path dir, int pageSize, boolean fsync) {
        SharedFile[] files = new SharedFile[LogHeader.FILES.length];
        boolean opened = false;
        Path path = dir;
        try {
            long fileBytes = 0;
            for (int i = 0; i < files.length; i++) {
                path = dir.resolve(LogHeader.FILES[i]);
                if (!Files.exists(path)) {
                    throw new DataFolderException(
                            Reason.NOT_OURS,
                            "A log file is missing: file=" + path + ". Put it back.",
                            null);
                }
                files[i] = SharedFile.open(path).withFsync(fsync);
                fileBytes = readHeader(files[i], i, pageSize);
            }
            opened = true;
            return new LogFiles(files, fileBytes, pageSize);
        } catch (IOException e) {
            throw new EngineIoException("open", path.toString(), 0, 0, e);
        } finally {
            if (!opened) {
                closeAll(files);
            }
        }
    }

    private static long readHeader(SharedFile file, int number, int pageSize) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(LogHeader.BLOCK);
        file.read(block, 0);
        String name = file.path().toString();
        if (block.getLong(LogHeader.MAGIC) != LogHeader.MAGIC_VALUE || !isStamped(block)) {
            throw new CorruptLogException(
                    name, "header", 0, checksum(block), block.getInt(LogHeader.BLOCK_CHECKSUM), 0);
        }
        expect(name, "format", LogHeader.FORMAT_VALUE, block.getInt(LogHeader.FORMAT));
        expect(name, "file number", number, block.getInt(LogHeader.FILE_NUMBER));
        if (block.getInt(LogHeader.PAGE_SIZE) != pageSize) {
            throw new DataFolderException(
                    Reason.PAGE_SIZE,
                    "The log has another page size: file="
                            + name
                            + " page_size="
                            + block.getInt(LogHeader.PAGE_SIZE)
                            + " expected="
                            + pageSize
                            + ". Open the engine with the page size of the folder.",
                    null);
        }
        long bytes = block.getLong(LogHeader.FILE_BYTES);
        expect(name, "file size", bytes, file.size());
        return bytes;
    }

    private static void expect(String file, String check, long expected, long actual) {
        if (expected != actual) {
            throw new CorruptLogException(file, check, 0, expected, actual, 0);
        }
    }

    /** The newest checkpoint that can be read. */
    Checkpoint readCheckpoint() {
        Checkpoint first = readCheckpoint(LogHeader.CHECKPOINT_1);
        Checkpoint second = readCheckpoint(LogHeader.CHECKPOINT_2);
        if (first.number() == 0 && second.number() == 0) {
            throw new CorruptLogException(
                    files[0].path().toString(), "checkpoint", LogHeader.CHECKPOINT_1, 1, 0, 0);
        }
        return first.number() > second.number() ? first : second;
    }

    /** A checkpoint with number 0 stands for a block that was never written or is torn. */
    private Checkpoint readCheckpoint(int offset) {
        ByteBuffer block = ByteBuffer.allocate(LogHeader.BLOCK);
        try {
            files[0].read(block, offset);
        } catch (IOException e) {
            throw failed("read", 0, offset, LogHeader.BLOCK, e);
        }
        if (!isStamped(block)) {
            return new Checkpoint(0, 0, 0);
        }
        return new Checkpoint(
                block.getLong(LogHeader.CHECKPOINT_NUMBER),
                block.getLong(LogHeader.CHECKPOINT_LSN),
                block.getLong(LogHeader.CHECKPOINT_EPOCH));
    }

    /** Writes the older of the two checkpoint blocks and makes it durable. */
    void writeCheckpoint(Checkpoint checkpoint) {
        int offset =
                (checkpoint.number() & 1) != 0 ? LogHeader.CHECKPOINT_1 : LogHeader.CHECKPOINT_2;
        try {
            files[0].write(checkpointBlock(checkpoint), offset);
            files[0].force();
        } catch (IOException e) {
            throw failed("write", 0, offset, LogHeader.BLOCK, e);
        }
    }

    private static ByteBuffer checkpointBlock(Checkpoint checkpoint) {
        ByteBuffer block = ByteBuffer.allocate(LogHeader.BLOCK);
        block.putLong(LogHeader.CHECKPOINT_NUMBER, checkpoint.number());
        block.putLong(LogHeader.CHECKPOINT_LSN, checkpoint.lsn());
        block.putLong(LogHeader.CHECKPOINT_EPOCH, checkpoint.epoch());
        stamp(block);
        return block;
    }

    private static void stamp(ByteBuffer block) {
        block.putInt(LogHeader.BLOCK_CHECKSUM, (int) checksum(block));
    }

    private static boolean isStamped(ByteBuffer block) {
        return block.getInt(LogHeader.BLOCK_CHECKSUM) == (int) checksum(block);
    }

    private static long checksum(ByteBuffer block) {
        CRC32C crc = new CRC32C();
        crc.update(block.slice(0, LogHeader.BLOCK_CHECKSUM));
        return crc.getValue() == 0 ? 1 : crc.getValue();
    }

    /** Bytes of records that the files hold before they begin to overwrite the oldest. */
    long capacity() {
        return files.length * (fileBytes - LogHeader.FILE_HEADER);
    }

    int pageSize() {
        return pageSize;
    }

    /** Writes records that begin at an LSN. */
    void write(long lsn, byte[] bytes, int length) {
        transfer(lsn, ByteBuffer.wrap(bytes, 0, length), true);
    }

    /** Reads from an LSN on until the buffer is full. */
    void read(long lsn, ByteBuffer buffer) {
        transfer(lsn, buffer, false);
    }

    private void transfer(long lsn, ByteBuffer buffer, boolean write) {
        long room = fileBytes - LogHeader.FILE_HEADER;
        long at = lsn;
        int end = buffer.limit();
        while (buffer.position() < end) {
            long place = (at - RedoLog.START_LSN) % capacity();
            int number = (int) (place / room);
            long offset = LogHeader.FILE_HEADER + place % room;
            int part = (int) Math.min(end - buffer.position(), fileBytes - offset);
            buffer.limit(buffer.position() + part);
            try {
                if (write) {
                    unforced[number] = true;
                    files[number].write(buffer, offset);
                } else {
                    files[number].read(buffer, offset);
                }
            } catch (IOException e) {
                throw failed(write ? "write" : "read", number, offset, part, e);
            }
            at += part;
            buffer.limit(end);
        }
    }

    /** Makes the records written so far durable. */
    void force() {
        for (int i = 0; i < files.length; i++) {
            if (!unforced[i]) {
                continue;
            }
            try {
                files[i].force();
                unforced[i] = false;
            } catch (IOException e) {
                throw failed("fsync", i, 0, 0, e);
            }
        }
    }

    /** The file that an LSN is in, for messages. */
    String fileOf(long lsn) {
        long room = fileBytes - LogHeader.FILE_HEADER;
        return files[(int) ((lsn - RedoLog.START_LSN) % capacity() / room)].path().toString();
    }

    private EngineIoException failed(
            String operation, int number, long offset, int length, IOException e) {
        return new EngineIoException(operation, files[number].path().toString(), offset, length, e);
    }

    @Override
    public void close() {
        closeAll(files);
    }

    private static void closeAll(SharedFile[] files) {
        for (SharedFile file : files) {
            if (file != null) {
                try {
                    file.close();
                } catch (IOException e) {
                    throw new EngineIoException("close", file.path().toString(), 0, 0, e);
                }
            }
        }
    }
}
