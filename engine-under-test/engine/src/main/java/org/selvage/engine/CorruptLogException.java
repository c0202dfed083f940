package org.selvage.engine;

/** A log file does not hold what was written to it. */
public final class CorruptLogException extends EngineException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long lsn;

    /**
     * @param check which comparison failed
     * @param offset byte offset in the file
     * @param lsn position in the log; 0 outside the records
     */
    public CorruptLogException(
            String file, String check, long offset, long expected, long actual, long lsn) {
        super(
                "The redo log is corrupt: bad "
                        + check
                        + ". file="
                        + file
                        + " offset="
                        + offset
                        + " expected=0x"
                        + Long.toHexString(expected)
                        + " actual=0x"
                        + Long.toHexString(actual)
                        + " lsn="
                        + lsn
                        + ". Restore the folder from a backup.");
        this.file = file;
        this.lsn = lsn;
    }

    public String file() {
        return file;
    }

    public long lsn() {
        return lsn;
    }
}
