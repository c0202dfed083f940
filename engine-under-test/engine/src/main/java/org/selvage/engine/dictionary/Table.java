package org.selvage.engine.dictionary;

import org.selvage.engine.index.BTree;
import org.selvage.engine.index.LeafBuffering;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.index.SharedExclusiveLatch;
import org.selvage.engine.sync.LatchLevel;

/**
 * An open table (InnoDB's dict_table_t): its definition, its trees and its locks.
 *
 * <p>The metadata lock is held S by every statement and X by DROP TABLE from before the dictionary
 * change until the file is gone, as MySQL's MDL. {@link #dropped} is guarded by it, and changes
 * under the engine's DDL lock, which suffices to read it.
 */
public final class Table {
    private final TableDefinition definition;
    private final BTree clustered;
    private final BTree[] secondary;
    private final SharedExclusiveLatch metadataLock;
    private boolean dropped;

    /** A table over the trees that its definition names. */
    Table(TableDefinition definition, PageStore store, LeafBuffering buffering) {
        this.definition = definition;
        this.metadataLock = new SharedExclusiveLatch(store.latchOrder(), LatchLevel.METADATA);
        int space = definition.spaceId();
        clustered =
                new BTree(
                        store,
                        space,
                        definition.clusteredRoot(),
                        definition.clusteredIndexId(),
                        null);
        secondary = new BTree[definition.secondary().size()];
        for (int i = 0; i < secondary.length; i++) {
            IndexDefinition index = definition.secondary().get(i);
            secondary[i] = new BTree(store, space, index.rootPage(), index.indexId(), buffering);
        }
    }

    /** What the dictionary stores of the table. */
    public TableDefinition definition() {
        return definition;
    }

    /** The clustered index. */
    public BTree clustered() {
        return clustered;
    }

    /** Number of secondary indexes. */
    public int secondaryCount() {
        return secondary.length;
    }

    /** A secondary index by its number. */
    public BTree secondary(int number) {
        return secondary[number];
    }

    /** The metadata lock. */
    public SharedExclusiveLatch metadataLock() {
        return metadataLock;
    }

    /**
     * Whether the table was dropped or is another object now, or its engine closed; the caller
     * holds the metadata lock or the DDL lock.
     */
    public boolean dropped() {
        return dropped;
    }

    /** Ends the use of this object; the caller holds the metadata lock X and the DDL lock. */
    public void markDropped() {
        dropped = true;
    }

    /** Takes {@link #markDropped} back, under the same locks: the table could not be dropped. */
    public void keep() {
        dropped = false;
    }
}
