package org.selvage.engine.redo;

/**
 * Offsets in the log files and in the records they hold. The bytes are drawn in FORMAT.md. As in
 * MariaDB 10.8 (MDEV-14425) a mini-transaction is one checksummed unit and there are no log blocks.
 */
final class LogHeader {
    /** Names of the log files. */
    static final String[] FILES = {"ib_logfile0", "ib_logfile1"};

    /** Bytes at the start of each file that hold no records (LOG_FILE_HDR_SIZE). */
    static final int FILE_HEADER = 2048;

    /** Bytes of a header block; each is written whole and ends in its checksum. */
    static final int BLOCK = 512;

    /** Where a block's CRC-32C is. */
    static final int BLOCK_CHECKSUM = BLOCK - 4;

    // ---- block 0 of each file ----

    static final int MAGIC = 0;
    static final int FORMAT = 8;
    static final int FILE_NUMBER = 12;
    static final int FILE_BYTES = 16;
    static final int PAGE_SIZE = 24;

    /** "SELVREDO". */
    static final long MAGIC_VALUE = 0x53454C565245444FL;

    static final int FORMAT_VALUE = 1;

    // ---- the two checkpoint blocks of file 0 (LOG_CHECKPOINT_1, LOG_CHECKPOINT_2) ----

    static final int CHECKPOINT_1 = 512;
    static final int CHECKPOINT_2 = 1536;
    static final int CHECKPOINT_NUMBER = 0;
    static final int CHECKPOINT_LSN = 8;
    static final int CHECKPOINT_EPOCH = 16;

    // ---- a record: the changes of one mini-transaction ----

    static final int RECORD_LENGTH = 0;
    static final int RECORD_CHECK = 4;
    static final int RECORD_LSN = 8;
    static final int RECORD_HEADER = 16;

    // ---- what a record consists of ----

    /** The page becomes zeros; page operations follow. Space (4), page (4). */
    static final byte INIT_PAGE = 1;

    /** Page operations follow. Space (4), page (4). */
    static final byte PAGE = 2;

    /** Space (4), length of the name (2), name (MLOG_FILE_CREATE2). */
    static final byte FILE_CREATE = 3;

    /** Space (4), length of the new name (2), new name (MLOG_FILE_RENAME2). */
    static final byte FILE_RENAME = 4;

    /** Space (4), length of the name (2), name (MLOG_FILE_DELETE). */
    static final byte FILE_DELETE = 5;

    // ---- page operations ----

    /** Ends the operations of a page. */
    static final byte END = 0;

    /** Offset (2), length (2), bytes. */
    static final byte WRITE = 1;

    /** From (2), to (2), length (2): bytes move inside the page. */
    static final byte MOVE = 2;

    private LogHeader() {}

    /**
     * The check of a record: its content's checksum together with what places it. A record that an
     * earlier run of the engine left behind has another epoch.
     */
    static int check(int contentChecksum, long lsn, int length, long epoch) {
        long mixed = (lsn * 0x9E3779B97F4A7C15L) ^ (epoch * 0xC2B2AE3D27D4EB4FL) ^ length;
        mixed ^= mixed >>> 32;
        return contentChecksum ^ (int) mixed;
    }
}
