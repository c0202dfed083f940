package org.selvage.engine.tablespace;

import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineConfig;

/**
 * The protocol of MariaDB 10.6.16, after MDEV-31826.
 *
 * <p>One word holds the flags and the count of references ({@link SpaceReferences}). A merge, a
 * read or a write takes a reference before it begins and gives it back when its completion callback
 * is over; there is no second counter and no sweep of the buffer pool.
 *
 * <pre>
 * ALIVE            STOPPING_READS is set
 * STOPPING_READS   merges and reads are refused; page writes go on
 *                  the deletion is logged and durable
 *                  unlink the file, which stays open
 *                  STOPPING_WRITES is set
 * STOPPING_WRITES  the page cleaner drops dirty pages of the tablespace instead of writing them
 *                  wait until no reference is held, looking every 20 ms
 *                  leave the maps, close the file
 * GONE
 * </pre>
 *
 * <p>Why two flags: until 10.6.15 one flag refused writes as well, before the deletion was durable.
 * The page cleaner then dropped dirty pages and a checkpoint passed them; a crash before the
 * deletion was durable left a live tablespace with lost changes. Here pages are written until the
 * deletion cannot be taken back.
 *
 * <p>The background merge asks for silence, as in 10.2.9. The flag CLOSING belongs to the limit of
 * open files and is not used here.
 */
public final class MariaDb10616 implements DeleteProtocol {
    private final FilSystem fil;
    private final TablespaceDeletion deletion;

    MariaDb10616(FilSystem fil, TablespaceDeletion deletion) {
        this.fil = fil;
        this.deletion = deletion;
    }

    @Override
    public String name() {
        return EngineConfig.MARIADB_10_6_16;
    }

    @Override
    public @Nullable FilSpace acquire(int spaceId) {
        return fil.acquireReference(spaceId);
    }

    @Override
    public void release(FilSpace space) {
        space.references().release();
    }

    @Override
    public boolean mergeReadIgnoresMissingSpace() {
        return true;
    }

    @Override
    public void deleteTablespace(int spaceId) {
        FilSpace space = deletion.stopReads(spaceId);
        deletion.logDeletion(space);
        deletion.unlink(space);
        deletion.stopWrites(space);
        deletion.waitForReferences(space);
        deletion.becomeQuiet(space);
        deletion.detach(space);
        deletion.gone(space);
    }
}
