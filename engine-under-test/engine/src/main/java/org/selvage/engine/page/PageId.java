package org.selvage.engine.page;

/**
 * Where a page lives: the tablespace and the page number in it (page_id_t).
 *
 * @param spaceId tablespace id; 0 is the system tablespace
 * @param pageNo page number, counted from 0
 */
public record PageId(int spaceId, int pageNo) {
    /** Written out, so that the hash never depends on how the JVM derives one for records. */
    @Override
    public int hashCode() {
        return spaceId * 0x9E3779B1 + pageNo * 31;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PageId that && spaceId == that.spaceId && pageNo == that.pageNo;
    }

    /** As InnoDB prints it. */
    @Override
    public String toString() {
        return "[page id: space=" + spaceId + ", page number=" + pageNo + "]";
    }
}
