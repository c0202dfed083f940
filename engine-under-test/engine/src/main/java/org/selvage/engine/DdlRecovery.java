package org.selvage.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.selvage.engine.dictionary.DdlLog;
import org.selvage.engine.dictionary.Dictionary;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.dictionary.TableDefinition;
import org.selvage.engine.tablespace.DataFolder;
import org.selvage.engine.tablespace.FilSystem;

/**
 * Works off what a crash left of data definition statements, so that dictionary and files agree
 * (MySQL 8.0's Log_DDL::recover, and the discovery of tablespaces by the ids in their headers). The
 * dictionary is right; a file is only touched when the id in its header says whose it is.
 */
final class DdlRecovery {
    private final FilSystem fil;
    private final DdlLog ddlLog;
    private final Dictionary dictionary;
    private final ErrorLog errorLog;

    /** The names of tables with a file, by tablespace. */
    private final Map<Integer, String> tables = new HashMap<>();

    DdlRecovery(FilSystem fil, DdlLog ddlLog, Dictionary dictionary, ErrorLog errorLog) {
        this.fil = fil;
        this.ddlLog = ddlLog;
        this.dictionary = dictionary;
        this.errorLog = errorLog;
        for (Table table : dictionary.tables()) {
            TableDefinition definition = table.definition();
            if (!definition.isDiscarded()) {
                tables.put(definition.spaceId(), definition.name());
            }
        }
    }

    /** Finishes or takes back every statement. */
    void finish() {
        dictionary.formerNames().forEach(dictionary::removeRecord);
        for (DdlLog.Entry entry : ddlLog.entries()) {
            if (entry instanceof DdlLog.DeleteSpace delete
                    && !tables.containsKey(delete.spaceId())) {
                deleteFile(delete);
            }
        }
        List<DataFolder.Found> files = fil.files();
        for (DataFolder.Found file : files) {
            nameFile(file);
        }
        ddlLog.entries().forEach(ddlLog::remove);
        for (Map.Entry<Integer, String> table : tables.entrySet()) {
            if (fil.size(table.getKey()) == 0) {
                errorLog.warning(
                        "The tablespace file of a table is missing: table="
                                + table.getValue()
                                + " space="
                                + table.getKey());
            }
        }
    }

    /** Removes the file if it is the tablespace's, or was never finished. */
    private void deleteFile(DdlLog.DeleteSpace delete) {
        int id = fil.idInFile(delete.name());
        boolean unfinished = id == 0 && !tables.containsValue(delete.name());
        if (id == delete.spaceId() || unfinished) {
            fil.deleteFile(delete.name());
        }
        errorLog.note(
                "DDL recovery: the file of a tablespace that is not in the dictionary is gone:"
                        + " space="
                        + delete.spaceId()
                        + " name="
                        + delete.name());
    }

    /** Gives a table's file the table's name, unless another file has it. */
    private void nameFile(DataFolder.Found file) {
        String name = tables.get(file.spaceId());
        if (name == null) {
            errorLog.warning(
                    "A tablespace file belongs to no table, it is left alone: name="
                            + file.name()
                            + " space="
                            + file.spaceId());
        } else if (!name.equals(file.name())) {
            if (fil.idInFile(name) != 0) {
                errorLog.warning(
                        "A tablespace file has a twin, it is left alone: name="
                                + file.name()
                                + " table="
                                + name
                                + " space="
                                + file.spaceId());
            } else {
                fil.moveFile(file.name(), name);
                errorLog.note(
                        "DDL recovery: a file gets its table's name: from="
                                + file.name()
                                + " to="
                                + name
                                + " space="
                                + file.spaceId());
            }
        }
    }
}
