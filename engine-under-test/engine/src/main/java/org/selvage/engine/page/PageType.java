package org.selvage.engine.page;

/**
 * What a page holds (FIL_PAGE_TYPE). The codes are InnoDB's, except the one of the change buffer's
 * header page.
 */
public enum PageType {
    /** Allocated or free, with no content yet; also what an all-zero page reads as. */
    ALLOCATED(0),
    UNDO_LOG(2),
    IBUF_FREE_LIST(4),
    IBUF_BITMAP(5),
    SYS(6),
    TRX_SYS(7),
    FSP_HDR(8),
    /** InnoDB uses SYS here; a code of its own makes the page recognisable by itself. */
    IBUF_HEADER(256),
    INDEX(17855);

    private final int code;

    PageType(int code) {
        this.code = code;
    }

    /** The value stored in the page header, 0 to 65535. */
    public int code() {
        return code;
    }

    /** Whether a type has that code. */
    public static boolean isCode(int code) {
        for (PageType type : values()) {
            if (type.code == code) {
                return true;
            }
        }
        return false;
    }

    /**
     * The type with that code.
     *
     * @throws IllegalArgumentException when no type has the code
     */
    public static PageType ofCode(int code) {
        return switch (code) {
            case 0 -> ALLOCATED;
            case 2 -> UNDO_LOG;
            case 4 -> IBUF_FREE_LIST;
            case 5 -> IBUF_BITMAP;
            case 6 -> SYS;
            case 7 -> TRX_SYS;
            case 8 -> FSP_HDR;
            case 256 -> IBUF_HEADER;
            case 17855 -> INDEX;
            default -> throw new IllegalArgumentException("Unknown page type: code=" + code);
        };
    }
}
