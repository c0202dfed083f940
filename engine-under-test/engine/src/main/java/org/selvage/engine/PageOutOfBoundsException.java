package org.selvage.engine;

import org.selvage.engine.page.PageId;

/**
 * A page number lies outside its tablespace; InnoDB stops the server here
 * (fil_report_invalid_page_access).
 */
public final class PageOutOfBoundsException extends EngineException {
    private static final long serialVersionUID = 1L;

    private final transient PageId page;

    public PageOutOfBoundsException(String operation, PageId page, String file, int sizePages) {
        super(
                "Trying to access a page outside its tablespace: operation="
                        + operation
                        + " space="
                        + page.spaceId()
                        + " page="
                        + page.pageNo()
                        + " file="
                        + file
                        + " pages="
                        + sizePages
                        + ". The file is truncated or a page link is wrong: restore the file from a backup.");
        this.page = page;
    }

    public PageId page() {
        return page;
    }
}
