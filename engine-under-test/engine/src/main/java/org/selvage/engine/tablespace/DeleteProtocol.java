package org.selvage.engine.tablespace;

import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.InvalidConfigException;

/**
 * How a generation of the server keeps threads away from a tablespace that is being deleted. The
 * users of a protocol are the change buffer merge (acquire, release, the merge read) and DROP TABLE
 * (deleteTablespace).
 */
public sealed interface DeleteProtocol permits Mysql5722, MariaDb1029 {
    /** The name it is chosen by, for example mysql-5.7.22. */
    String name();

    /**
     * Announces operations on the pages of a tablespace without holding a lock on its table
     * (fil_space_acquire_silent).
     *
     * @return the tablespace, to be given back to {@link #release}; null when it does not exist or
     *     is being deleted
     */
    @Nullable FilSpace acquire(int spaceId);

    /** Ends what {@link #acquire} announced (fil_space_release). */
    void release(FilSpace space);

    /** Whether a merge read of a missing tablespace is silent (IGNORE_MISSING, MDEV-12741). */
    boolean mergeReadIgnoresMissingSpace();

    /**
     * Deletes a tablespace and its file (fil_delete_tablespace). The caller has removed the table
     * from the dictionary and made sure that no other thread works on it, except holders of {@link
     * #acquire}. Returns when the file is gone.
     *
     * @throws org.selvage.engine.TablespaceMissingException when it does not exist or another
     *     thread is deleting it
     */
    void deleteTablespace(int spaceId);

    /**
     * The protocol with that name.
     *
     * @param sweep removes the pages of a tablespace from the buffer pool
     * @throws InvalidConfigException when there is none
     */
    static DeleteProtocol named(String name, FilSystem fil, TablespaceSweep sweep) {
        return switch (name) {
            case EngineConfig.MYSQL_5_7_22 -> new Mysql5722(fil, sweep);
            case EngineConfig.MARIADB_10_2_9 -> new MariaDb1029(fil, sweep);
            default ->
                    throw new InvalidConfigException(
                            "deleteProtocol",
                            name,
                            EngineConfig.MYSQL_5_7_22 + " or " + EngineConfig.MARIADB_10_2_9);
        };
    }
}
