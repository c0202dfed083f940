package org.selvage.engine.tablespace;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.InvalidConfigException;

/**
 * How a generation of the server keeps threads away from a tablespace that is being deleted. The
 * users of a protocol are the change buffer merge (acquire, release, the merge read) and DROP TABLE
 * (deleteTablespace).
 */
public sealed interface DeleteProtocol permits PendingOperationsProtocol, MariaDb10616 {
    /** The names of the protocols, the oldest server first. */
    List<String> NAMES =
            List.of(
                    EngineConfig.MYSQL_5_7_22,
                    EngineConfig.MARIADB_10_2_9,
                    EngineConfig.MARIADB_10_6_16,
                    EngineConfig.MYSQL_8_0_23);

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
     * @param log is told of the deletion before the file is removed
     * @throws InvalidConfigException when there is none
     */
    static DeleteProtocol named(String name, FilSystem fil, TablespaceSweep sweep, FileLog log) {
        TablespaceDeletion deletion = new TablespaceDeletion(fil, sweep, log);
        return switch (name) {
            case EngineConfig.MYSQL_5_7_22 -> new Mysql5722(fil, deletion);
            case EngineConfig.MARIADB_10_2_9 -> new MariaDb1029(fil, deletion);
            case EngineConfig.MARIADB_10_6_16 -> new MariaDb10616(fil, deletion);
            case EngineConfig.MYSQL_8_0_23 -> new Mysql8023(fil, deletion);
            default ->
                    throw new InvalidConfigException(
                            "deleteProtocol", name, String.join(", ", NAMES));
        };
    }
}
