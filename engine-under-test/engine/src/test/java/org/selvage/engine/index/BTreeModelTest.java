package org.selvage.engine.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.engine.Engine;
import org.selvage.engine.Engines;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.redo.MiniTransaction;

/** The tree against a sorted map. */
class BTreeModelTest {
    private static final long INDEX_ID = 99;

    @TempDir Path dir;

    private static BTree newTree(Engine engine) {
        try (MiniTransaction mtr = engine.pages().begin()) {
            BufferBlock root = engine.pages().allocate(mtr, 0);
            BTree.createRoot(mtr, root, INDEX_ID);
            return new BTree(engine.pages(), 0, root.id().pageNo(), INDEX_ID, null);
        }
    }

    @ParameterizedTest
    @CsvSource({"512, 64, 100000, 4000", "512, 16, 20000, 300", "4096, 32, 30000, 20000"})
    void doesWhatASortedMapDoes(int pageSize, int poolPages, int operations, int keys) {
        try (Engine engine =
                Engines.open(dir, Engines.small().pageSize(pageSize).poolPages(poolPages))) {
            BTree tree = newTree(engine);
            Map<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
            SeededRandom random = new SeededRandom(pageSize + poolPages);
            for (int i = 0; i < operations; i++) {
                byte[] key = key(random, keys);
                // Growing and shrinking phases take turns, so pages split and are freed again.
                boolean growing = i / 5000 % 2 == 0;
                if (random.below(10) < (growing ? 7 : 3)) {
                    byte[] value = new byte[random.below(40)];
                    Arrays.fill(value, (byte) i);
                    boolean isNew = !model.containsKey(key);
                    assertThat(tree.insert(key, value) == BTree.Inserted.ADDED).isEqualTo(isNew);
                    model.putIfAbsent(key, value);
                } else {
                    assertThat(tree.remove(key)).isEqualTo(model.remove(key) != null);
                }
                if (i % 16 == 0) {
                    byte[] probe = key(random, keys);
                    assertThat(tree.get(probe)).isEqualTo(model.get(probe));
                }
                if (i % 2500 == 0) {
                    requireSame(engine, tree, model);
                }
            }
            requireSame(engine, tree, model);
            for (byte[] key : model.keySet()) {
                assertThat(tree.remove(key)).isTrue();
            }
            model.clear();
            requireSame(engine, tree, model);
        }
    }

    /** Keys of 4 to 63 bytes, so that one page holds a varying number of them. */
    private static byte[] key(SeededRandom random, int keys) {
        int number = random.below(keys);
        byte[] key = new byte[4 + number % 60];
        ByteBuffer.wrap(key).putInt(number * 0x9E3779B1);
        return key;
    }

    private static void requireSame(Engine engine, BTree tree, Map<byte[], byte[]> model) {
        TreeCheck.check(engine.pages(), tree, (page, frame) -> {});
        List<byte[]> keys = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        tree.scan(
                BTree.NO_VALUE,
                (frame, position) -> {
                    keys.add(IndexPage.key(frame, position));
                    values.add(IndexPage.value(frame, position));
                    return true;
                });
        List<byte[]> backward = new ArrayList<>();
        tree.scanBackward(
                null,
                (frame, position) -> {
                    backward.add(IndexPage.key(frame, position));
                    return true;
                });
        assertThat(backward.reversed()).containsExactlyElementsOf(keys);
        assertThat(keys).hasSize(model.size());
        int at = 0;
        for (Map.Entry<byte[], byte[]> entry : model.entrySet()) {
            assertThat(keys.get(at)).isEqualTo(entry.getKey());
            assertThat(values.get(at)).isEqualTo(entry.getValue());
            at++;
        }
    }

    @Test
    void mergesPagesThatRemovalsLeaveHalfEmpty() {
        try (Engine engine = Engines.open(dir, Engines.small())) {
            BTree tree = newTree(engine);
            for (long key = 0; key < 5000; key++) {
                tree.insert(KeyEncoding.ofLong(key), BTree.NO_VALUE);
            }
            int before = pages(engine, tree);
            for (long i = 0; i < 5000; i++) {
                long key = i * 1009 % 5000;
                if (key % 10 != 0) {
                    assertThat(tree.remove(KeyEncoding.ofLong(key))).isTrue();
                }
            }
            // A tenth of the records, on pages of which no two neighbours are less than half full.
            assertThat(pages(engine, tree)).isLessThan(before / 4);
            for (long key = 0; key < 5000; key++) {
                assertThat(tree.get(KeyEncoding.ofLong(key)) != null).isEqualTo(key % 10 == 0);
            }
            for (long key = 10; key < 5000; key += 10) {
                assertThat(tree.remove(KeyEncoding.ofLong(key))).isTrue();
            }
            assertThat(pages(engine, tree)).isEqualTo(1);
            assertThat(tree.get(KeyEncoding.ofLong(0))).isNotNull();
        }
    }

    private static int pages(Engine engine, BTree tree) {
        int[] pages = new int[1];
        TreeCheck.check(engine.pages(), tree, (page, frame) -> pages[0]++);
        return pages[0];
    }

    @Test
    void fillsPagesUnderAscendingKeys() {
        try (Engine engine = Engines.open(dir, Engines.small())) {
            BTree tree = newTree(engine);
            for (long key = 0; key < 5000; key++) {
                tree.insert(KeyEncoding.ofLong(key), BTree.NO_VALUE);
            }
            int[] leaves = new int[1];
            TreeCheck.check(
                    engine.pages(),
                    tree,
                    (page, frame) -> leaves[0] += IndexPage.isLeaf(frame) ? 1 : 0);
            int recordsPerPage =
                    IndexPage.capacity(512)
                            / (IndexPage.recordLength(KeyEncoding.LONG_LENGTH, 0)
                                    + IndexPage.SLOT_LENGTH);
            assertThat(leaves[0]).isEqualTo((5000 + recordsPerPage - 1) / recordsPerPage);
        }
    }
}
