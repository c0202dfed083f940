package org.selvage.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.dictionary.TableDefinition;
import org.selvage.engine.event.TablespaceDropEvent;
import org.selvage.engine.tablespace.DeleteProtocol;

/**
 * Data definition statements and the locks they take (ha_innodb.cc, row0mysql.cc): the table's
 * metadata lock X first, so that no statement is on the table, then the DDL lock for every change
 * of the dictionary. The DDL lock is not held while a tablespace is deleted, since that waits for
 * merges. Threads that waited for the table look its name up again.
 */
final class DataDefinition {
    private final Engine engine;
    private final TableDefinitions definitions;
    private final DeleteProtocol protocol;
    private final DataCheck check;

    DataDefinition(
            Engine engine, TableDefinitions definitions, DeleteProtocol protocol, DataCheck check) {
        this.engine = engine;
        this.definitions = definitions;
        this.protocol = protocol;
        this.check = check;
    }

    /** A statement on a table that nobody else uses. */
    private interface Statement {
        boolean on(Table table);
    }

    /** Waits until nobody uses the table of a name and works on it. */
    private boolean exclusively(String name, String operation, Statement statement) {
        while (true) {
            Table table = engine.require(name, operation);
            engine.freeCheck();
            table.metadataLock().lockExclusive();
            try {
                if (engine.isUsable(table, operation)) {
                    return statement.on(table);
                }
            } finally {
                table.metadataLock().unlockExclusive();
            }
        }
    }

    /** A change of the dictionary. */
    private interface Change<T> {
        T make();
    }

    private <T> T locked(Change<T> change) {
        ReentrantLock lock = engine.ddlLock();
        lock.lock();
        try {
            return change.make();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        ReentrantLock lock = engine.ddlLock();
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    void create(String name, List<Column> columns, List<String> indexedColumns) {
        engine.requireOpen("createTable");
        definitions.requireValid(name, columns, indexedColumns);
        engine.freeCheck();
        boolean created = false;
        while (!created) {
            requireAbsent(name);
            created =
                    locked(() -> {
                        engine.requireOpen("createTable");
                        if (engine.dictionary().find(name) != null) {
                            return false;
                        }
                        definitions.create(name, columns, indexedColumns);
                        return true;
                    });
        }
    }

    /** Waits for a drop of the name that is under way; throws when a table of the name stays. */
    private void requireAbsent(String name) {
        Table table = engine.dictionary().find(name);
        if (table == null) {
            return;
        }
        table.metadataLock().lockShared();
        try {
            if (!table.dropped()) {
                throw new TableExistsException(name);
            }
        } finally {
            table.metadataLock().unlockShared();
        }
    }

    void drop(String name) {
        exclusively(
                name,
                "dropTable",
                table -> {
                    boolean discarded = table.definition().isDiscarded();
                    locked(() -> forget(table, discarded));
                    try {
                        if (!discarded) {
                            deleteTablespace(table);
                        }
                    } finally {
                        locked(() -> engine.dictionary().forget(table));
                    }
                    return true;
                });
    }

    /** Takes a table out of the dictionary; when that fails, it stays what it was. */
    private void forget(Table table, boolean discarded) {
        table.markDropped();
        try {
            if (discarded) {
                definitions.removeDiscarded(table);
            } else {
                definitions.remove(table);
            }
        } catch (Throwable e) {
            table.keep();
            throw e;
        }
    }

    private void deleteTablespace(Table table) {
        int spaceId = table.definition().spaceId();
        TablespaceDropEvent event = TablespaceDropEvent.started();
        protocol.deleteTablespace(spaceId);
        event.ended(spaceId, table.definition().name(), protocol.name());
        definitions.removed(table);
    }

    void rename(String name, String to) {
        boolean renamed = false;
        while (!renamed) {
            renamed =
                    exclusively(
                            name,
                            "renameTable",
                            table -> {
                                definitions.requireValidName(table.definition().renamed(to));
                                return locked(() -> tryRename(table, to));
                            });
            if (!renamed) {
                awaitDrop(to);
            }
        }
    }

    /** False when a table of the name is being dropped, and has to be waited for without a lock. */
    private boolean tryRename(Table table, String to) {
        engine.requireOpen("renameTable");
        Table other = engine.dictionary().find(to);
        if (other != null) {
            // Tables come to their end under the DDL lock.
            if (!other.dropped()) {
                throw new TableExistsException(to);
            }
            return false;
        }
        definitions.rename(table, to);
        table.markDropped();
        return true;
    }

    private void awaitDrop(String name) {
        Table table = engine.dictionary().find(name);
        if (table != null) {
            table.metadataLock().lockShared();
            table.metadataLock().unlockShared();
        }
    }

    void truncate(String name) {
        exclusively(
                name,
                "truncateTable",
                table -> {
                    Engine.requireTablespace(table);
                    TableDefinitions.Replacement replacement =
                            locked(() -> definitions.beginTruncate(table));
                    try {
                        deleteTablespace(table);
                    } finally {
                        locked(() -> {
                            table.markDropped();
                            definitions.installed(table, replacement);
                        });
                    }
                    return true;
                });
    }

    void discard(String name) {
        exclusively(
                name,
                "discardTablespace",
                table -> {
                    Engine.requireTablespace(table);
                    TableDefinition discarded = locked(() -> definitions.beginDiscard(table));
                    try {
                        deleteTablespace(table);
                    } finally {
                        locked(() -> {
                            table.markDropped();
                            definitions.discarded(table, discarded);
                        });
                    }
                    return true;
                });
    }

    void importTablespace(String name, Path file) {
        exclusively(
                name,
                "importTablespace",
                table -> {
                    TableDefinition definition = table.definition();
                    if (!definition.isDiscarded()) {
                        throw new TablespaceExistsException(
                                name, engine.tablespaces().pathOf(name).toString());
                    }
                    TablespaceTransfer.Source source =
                            TablespaceTransfer.Source.open(
                                    file, definition, engine.tablespaces().pageSize());
                    locked(() -> {
                        engine.requireOpen("importTablespace");
                        definitions.importTablespace(table, source, check::checkTable);
                        table.markDropped();
                    });
                    return true;
                });
    }

    void export(String name, Path dir) {
        exclusively(
                name,
                "exportTable",
                table -> {
                    Engine.requireTablespace(table);
                    check.checkTable(table);
                    engine.flushSpace(table.definition().spaceId());
                    TablespaceTransfer.export(engine.tablespaces(), table.definition(), dir);
                    return true;
                });
    }
}
