package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.dictionary.TableDefinition;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;

/**
 * Plants each kind of disagreement between dictionary, tablespaces and files that {@link
 * Engine#validate} claims to find.
 */
class SpaceCheckTest {
    @TempDir Path dir;

    private Engine engine;
    private int space;

    @BeforeEach
    void open() {
        engine = Engines.open(dir, Engines.small());
        Engines.createKv(engine, "t");
        Engines.createKv(engine, "u");
        space = spaceOf("t");
        engine.insert("t", 1, 1L, "c");
        assertThat(engine.validate()).isOne();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private TableDefinition definition(String table) {
        return Objects.requireNonNull(engine.dictionary().find(table)).definition();
    }

    private int spaceOf(String table) {
        return definition(table).spaceId();
    }

    private void change(PageId page, Consumer<ByteBuffer> damage) {
        Planted.change(engine, page, damage);
    }

    private void changeHeader(int field, int value) {
        change(new PageId(space, 0), header -> header.putInt(field, value));
    }

    private void requireFound(String rule, String evidence) {
        Planted.requireFound(engine, rule, evidence);
    }

    @Test
    void aTablespaceIdThatWasNotGivenOut() {
        change(new PageId(0, 0), header -> header.putInt(FspHeader.NEXT_SPACE_ID, 2));
        requireFound(
                "a tablespace has an id that was not given out", "table=u space=2 next_space_id=2");
    }

    @Test
    void aTableWithoutATablespace() {
        engine.tablespaces().forget(space);
        requireFound("a table has no tablespace", "table=t space=1 tablespace=none");
    }

    @Test
    void aTableWithoutAFile() throws IOException {
        Files.delete(dir.resolve("t.ibd"));
        assertThatThrownBy(() -> engine.validate())
                .isInstanceOf(TablespaceMissingException.class)
                .hasMessageContaining("name=t file=" + dir.resolve("t.ibd"));
    }

    @Test
    void aTableWithAnothersFile() throws IOException {
        Files.delete(dir.resolve("t.ibd"));
        Files.copy(dir.resolve("u.ibd"), dir.resolve("t.ibd"));
        requireFound("a tablespace file belongs to no table", "t.ibd space_in_file=2");
    }

    @Test
    void aTablespaceWithoutATable() {
        engine.tablespaces().create(77, "v");
        requireFound("a tablespace belongs to no table", "space=77 name=v");
    }

    @Test
    void aFileWithoutATable() throws IOException {
        Files.copy(dir.resolve("t.ibd"), dir.resolve("v.ibd"));
        requireFound(
                "a tablespace file belongs to no table", "v.ibd space_in_file=1 table_of_space=t");
    }

    @Test
    void aFreeLimitAfterTheEnd() {
        changeHeader(FspHeader.FREE_LIMIT, 10_000);
        requireFound("a tablespace's sizes do not fit each other", "free_limit=10000");
    }

    @Test
    void aSizeThatTheFileDoesNotHave() {
        changeHeader(FspHeader.SIZE, 10_000);
        requireFound("a tablespace's sizes do not fit each other", "size=10000 pages=");
    }

    @Test
    void aFreePageThatIsInUse() {
        PageId root = new PageId(space, definition("t").clusteredRoot());
        changeHeader(FspHeader.FREE_HEAD, root.pageNo());
        changeHeader(FspHeader.FREE_LENGTH, 1);
        requireFound("a page in use is in the list of free pages", "page=" + root.pageNo());
    }

    @Test
    void aFreePageOutsideTheUsedPart() {
        changeHeader(FspHeader.FREE_HEAD, 10_000);
        changeHeader(FspHeader.FREE_LENGTH, 1);
        requireFound("the list of free pages leads out of the used part", "page=10000");
    }

    @Test
    void aListOfFreePagesThatIsTooLong() {
        PageId freed = freePage();
        changeHeader(FspHeader.FREE_LENGTH, 0);
        requireFound("the list of free pages is longer than its length", "next=" + freed.pageNo());
    }

    @Test
    void aListOfFreePagesThatGoesRound() {
        PageId freed = freePage();
        change(freed, frame -> PageHeader.setNext(frame, freed.pageNo()));
        requireFound("the list of free pages is longer than its length", "length=1");
    }

    private PageId freePage() {
        PageId page;
        try (MiniTransaction mtr = engine.pages().begin()) {
            page = engine.pages().allocate(mtr, space).id();
        }
        try (MiniTransaction mtr = engine.pages().begin()) {
            mtr.page(page, Latch.X);
            engine.pages().free(mtr, page);
        }
        engine.validate();
        return page;
    }

    @Test
    void aPageThatSomebodyLeftFixed() {
        PageId page = new PageId(space, 0);
        BufferBlock block = engine.bufferPool().get(page, Latch.S);
        requireFound("the buffer pool is inconsistent: fix_count", "expected=0");
        engine.bufferPool().release(block, Latch.S);
        assertThat(engine.validate()).isOne();
        assertThat(block.isType(PageType.FSP_HDR)).isTrue();
    }
}
