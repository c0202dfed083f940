package org.selvage.enginebenchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** SQLite over JDBC with a write-ahead log and prepared statements; it commits once a second. */
final class SqliteStore implements Store {
    private static final int INDEXES = 3;
    private static final long COMMIT_NANOS = 1_000_000_000L;

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement read;
    private final PreparedStatement[] readBy = new PreparedStatement[INDEXES];
    private final PreparedStatement scan;
    private long committed = System.nanoTime();

    SqliteStore(Path folder, long cacheBytes, boolean powerSafe) {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("rows.db"));
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode=WAL");
                statement.execute("PRAGMA synchronous=" + (powerSafe ? "FULL" : "OFF"));
                statement.execute("PRAGMA cache_size=-" + cacheBytes / 1024);
                statement.execute(
                        "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, k0 INTEGER,"
                                + " k1 INTEGER, k2 INTEGER, payload BLOB)");
                for (int i = 0; i < INDEXES; i++) {
                    statement.execute("CREATE INDEX IF NOT EXISTS i" + i + " ON t(k" + i + ")");
                }
            }
            insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?, ?)");
            read = connection.prepareStatement("SELECT * FROM t WHERE id = ?");
            for (int i = 0; i < INDEXES; i++) {
                readBy[i] = connection.prepareStatement("SELECT * FROM t WHERE k" + i + " = ?");
            }
            scan = connection.prepareStatement("SELECT * FROM t ORDER BY id");
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void insert(long key, long[] indexed, byte[] payload) {
        try {
            insert.setLong(1, key);
            for (int i = 0; i < INDEXES; i++) {
                insert.setLong(i + 2, indexed[i]);
            }
            insert.setBytes(INDEXES + 2, payload);
            insert.executeUpdate();
            if (System.nanoTime() - committed > COMMIT_NANOS) {
                commit();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void commit() throws SQLException {
        connection.commit();
        committed = System.nanoTime();
    }

    @Override
    public boolean read(long key) {
        return query(read, key) == 1;
    }

    @Override
    public int readBy(int index, long value) {
        return query(readBy[index], value);
    }

    private static int query(PreparedStatement statement, long argument) {
        try {
            statement.setLong(1, argument);
            return count(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int count(PreparedStatement statement) throws SQLException {
        int found = 0;
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found += rows.getBytes(INDEXES + 2).length > 0 ? 1 : 0;
            }
        }
        return found;
    }

    @Override
    public long scan() {
        try {
            return count(scan);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.commit();
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
