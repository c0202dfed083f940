package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages the files of a folder in every way, opens it and reads everything: what comes is a typed
 * error or the truth. More rounds with -Dselvage.damage.rounds=5000, others with
 * -Dselvage.damage.seed=2.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedFolderTest {
    private static final int ROUNDS = Integer.getInteger("selvage.damage.rounds", 60);
    private static final long SEED = Long.getLong("selvage.damage.seed", 1);

    /** Rounds that begin with the same undamaged folder. */
    private static final int ROUNDS_OF_A_FOLDER = 30;

    private static final int PAGE = 512;

    @TempDir Path dir;

    /** Rows of each table. */
    private record State(NavigableMap<String, NavigableMap<Long, List<Object>>> tables) {
        State() {
            this(new TreeMap<>());
        }

        NavigableMap<Long, List<Object>> rows(String table) {
            return tables.computeIfAbsent(table, name -> new TreeMap<>());
        }

        State copy() {
            State copy = new State();
            tables.forEach((name, rows) -> copy.tables.put(name, new TreeMap<>(rows)));
            return copy;
        }
    }

    private static EngineConfig config() {
        return Engines.logged().changeBufferMaxPercent(50).build();
    }

    @Test
    void aClosedFolderTellsTheTruthOrWhatIsWrong() throws Exception {
        damage(false);
    }

    @Test
    void aCrashedFolderTellsTheTruthOrWhatIsWrong() throws Exception {
        damage(true);
    }

    private void damage(boolean crashed) throws IOException {
        List<State> states = new ArrayList<>();
        Path whole = dir.resolve("none");
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED * 1_000_003 + round);
            if (round % ROUNDS_OF_A_FOLDER == 0) {
                Folders.delete(whole);
                states.clear();
                whole = make(random, crashed, states, dir.resolve("whole" + round));
                assertThat(open(whole, states.subList(states.size() - 1, states.size())))
                        .as("the undamaged folder")
                        .isNull();
            }
            Path folder = Folders.copy(whole, dir.resolve("damaged"));
            Path file = draw(random, folder);
            String what = "round " + round + ": " + damage(random, file) + " " + file.getFileName();
            // Where the log ends earlier, fewer of the last transactions are there.
            boolean log = crashed && file.getFileName().toString().startsWith("ib_logfile");
            List<State> possible = log ? states : states.subList(states.size() - 1, states.size());
            try {
                refused += open(folder, possible) != null ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(what, e);
            }
            Folders.delete(folder);
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS);
    }

    /** Opens the folder and reads everything; the typed error that this ended with, or null. */
    private static @Nullable EngineException open(Path folder, List<State> possible) {
        try (Engine engine = Engine.open(folder, config())) {
            State found = read(engine, possible.size() == 1 ? possible.getFirst() : null);
            engine.validate();
            assertThat(possible).as("the rows of one moment").contains(found);
            return null;
        } catch (EngineException e) {
            assertThat(e.getMessage()).isNotBlank();
            return e;
        }
    }

    private static State read(Engine engine, @Nullable State expected) {
        State found = new State();
        for (String table : engine.tableNames()) {
            NavigableMap<Long, List<Object>> rows = new TreeMap<>();
            for (long value = 0; value < 8; value++) {
                for (Row row : engine.scan(table, "k", value)) {
                    rows.put(row.key(), row.values());
                }
            }
            for (long key = 0; key < 200; key++) {
                List<Object> row = engine.get(table, key);
                assertThat(row).as(table + " " + key).isEqualTo(rows.get(key));
                if (expected != null) {
                    assertThat(row)
                            .as(table + " " + key)
                            .isEqualTo(expectedRow(expected, table, key));
                }
            }
            found.tables.put(table, rows);
        }
        return found;
    }

    private static @Nullable List<Object> expectedRow(State expected, String table, long key) {
        assertThat(expected.tables).containsKey(table);
        return expected.rows(table).get(key);
    }

    // ---- the folder ----

    private Path make(Random random, boolean crashed, List<State> states, Path folder)
            throws IOException {
        State state = new State();
        Path live = dir.resolve("live");
        Folders.delete(live);
        try (Engine engine = Engine.open(live, config())) {
            states.add(state.copy());
            for (int i = 0; i < 2; i++) {
                Engines.createKv(engine, "t" + i);
                state.tables.put("t" + i, new TreeMap<>());
                states.add(state.copy());
            }
            for (int step = 0; step < 1500; step++) {
                change(engine, random, state, step);
                states.add(state.copy());
                if (random.nextInt(100) == 0) {
                    engine.bufferPool().flushAll();
                }
            }
            if (crashed) {
                return Folders.copy(live, folder);
            }
        }
        return Folders.copy(live, folder);
    }

    private static void change(Engine engine, Random random, State state, int step) {
        String table = "t" + random.nextInt(2);
        NavigableMap<Long, List<Object>> rows = state.rows(table);
        long key = random.nextInt(200);
        List<Object> row = List.of((long) random.nextInt(8), "row " + step);
        if (random.nextInt(100) == 0) {
            engine.truncateTable(table);
            rows.clear();
        } else if (!rows.containsKey(key)) {
            engine.insert(table, key, row.toArray());
            rows.put(key, row);
        } else if (random.nextBoolean()) {
            engine.update(table, key, row.toArray());
            rows.put(key, row);
        } else {
            engine.delete(table, key);
            rows.remove(key);
        }
        engine.transactions().purge();
    }

    // ---- damage ----

    private static Path draw(Random random, Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.filter(file -> !file.endsWith("selvage.lock")).sorted().toList();
            return all.get(random.nextInt(all.size()));
        }
    }

    private static String damage(Random random, Path file) throws IOException {
        long size = Files.size(file);
        int kind = size < PAGE ? 5 + random.nextInt(2) : random.nextInt(7);
        if (kind == 6) {
            Files.delete(file);
            return "deleted";
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return switch (kind) {
                case 0 -> flipped(random, channel, 1);
                case 1 -> flipped(random, channel, 1 + random.nextInt(40));
                case 2 -> zeroed(random, channel);
                case 3 -> moved(random, channel);
                case 4 -> {
                    long length = random.nextLong(size);
                    channel.truncate(length);
                    yield "truncated to " + length;
                }
                default -> {
                    byte[] noise = new byte[1 + random.nextInt(3 * PAGE)];
                    random.nextBytes(noise);
                    channel.write(ByteBuffer.wrap(noise), size);
                    yield "longer by " + noise.length;
                }
            };
        }
    }

    private static String flipped(Random random, FileChannel channel, int bytes)
            throws IOException {
        StringBuilder what = new StringBuilder("flipped at");
        for (int i = 0; i < bytes; i++) {
            // Half of them in the first pages, where the headers are.
            long size = random.nextBoolean() ? channel.size() : Math.min(channel.size(), 4 * PAGE);
            long at = random.nextLong(size);
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
            channel.write(one.flip(), at);
            what.append(' ').append(at);
        }
        return what.toString();
    }

    private static String zeroed(Random random, FileChannel channel) throws IOException {
        long from = random.nextLong(channel.size());
        int length = (int) Math.min(channel.size() - from, 1 + random.nextInt(2 * PAGE));
        channel.write(ByteBuffer.allocate(length), from);
        return "zeroed from " + from + " length " + length;
    }

    /** Two pages change places, or one is copied over the other. */
    private static String moved(Random random, FileChannel channel) throws IOException {
        long pages = channel.size() / PAGE;
        long a = random.nextLong(pages) * PAGE;
        long b = random.nextLong(pages) * PAGE;
        ByteBuffer pageA = ByteBuffer.allocate(PAGE);
        ByteBuffer pageB = ByteBuffer.allocate(PAGE);
        channel.read(pageA, a);
        channel.read(pageB, b);
        channel.write(pageA.flip(), b);
        if (random.nextBoolean()) {
            return "copied from " + a + " to " + b;
        }
        channel.write(pageB.flip(), a);
        return "swapped " + a + " and " + b;
    }
}
