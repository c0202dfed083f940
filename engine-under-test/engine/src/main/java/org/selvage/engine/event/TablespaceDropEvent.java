package org.selvage.engine.event;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A tablespace and its file were deleted, by DROP, TRUNCATE or DISCARD, from the stop flag to the
 * removal of the file (fil_delete_tablespace).
 */
@Name("org.selvage.engine.TablespaceDrop")
@Label("Tablespace Drop")
@Category({"Selvage", "Tablespace"})
@StackTrace(false)
public final class TablespaceDropEvent extends Event {
    @Label("Space Id")
    int space;

    @Label("Table")
    String table = "";

    @Label("Delete Protocol")
    String protocol = "";

    /** An event that begins now. */
    public static TablespaceDropEvent started() {
        TablespaceDropEvent event = new TablespaceDropEvent();
        event.begin();
        return event;
    }

    /** The event ends now. */
    public void ended(int spaceId, String tableName, String protocolName) {
        if (shouldCommit()) {
            space = spaceId;
            table = tableName;
            protocol = protocolName;
            commit();
        }
    }
}
