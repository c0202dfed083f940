package org.selvage.engine;

import org.selvage.engine.page.PageId;

/** A page read from a file is not the page that was written there (buf_page_is_corrupted). */
public final class CorruptPageException extends EngineException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final transient PageId page;
    private final String check;
    private final long expected;
    private final long actual;
    private final long lsn;

    /**
     * @param check which comparison failed: "checksum", "trailer checksum", "trailer LSN", "space
     *     id", "page number", "page type", "LSN after the log", or a field of the content
     * @param expected the value computed from the content or known from the position
     * @param actual the value stored in the page
     * @param lsn the LSN in the page header
     */
    public CorruptPageException(
            String file, PageId page, String check, long expected, long actual, long lsn) {
        super(
                "Page is corrupt: bad "
                        + check
                        + ". file="
                        + file
                        + " space="
                        + page.spaceId()
                        + " page="
                        + page.pageNo()
                        + " expected=0x"
                        + Long.toHexString(expected)
                        + " actual=0x"
                        + Long.toHexString(actual)
                        + " lsn="
                        + lsn
                        + ". Restore this file from a backup.");
        this.file = file;
        this.page = page;
        this.check = check;
        this.expected = expected;
        this.actual = actual;
        this.lsn = lsn;
    }

    /** The same error with the name of the file, which the check of the page does not know. */
    public CorruptPageException inFile(String name) {
        return new CorruptPageException(name, page, check, expected, actual, lsn);
    }

    public String file() {
        return file;
    }

    public PageId page() {
        return page;
    }

    public long expected() {
        return expected;
    }

    public long actual() {
        return actual;
    }

    public long lsn() {
        return lsn;
    }
}
