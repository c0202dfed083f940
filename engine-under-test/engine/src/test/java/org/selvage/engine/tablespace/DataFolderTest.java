package org.selvage.engine.tablespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.CorruptPageException;
import org.selvage.engine.DataFolderException;
import org.selvage.engine.DataFolderException.Reason;
import org.selvage.engine.EngineException;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageId;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DataFolderTest {
    @TempDir Path temp;

    private DataFolderException refused(Path dir) {
        return Objects.requireNonNull(
                catchThrowableOfType(
                        DataFolderException.class, () -> LowerFloor.open(dir).abandon()));
    }

    private static void overwrite(Path file, long offset, ByteBuffer bytes) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(bytes, offset);
        }
    }

    private static ByteBuffer intBytes(int value) {
        return ByteBuffer.allocate(4).putInt(0, value);
    }

    @Test
    void missingFolderIsMadeAndFoundAgain() {
        Path dir = temp.resolve("a/b");
        try (LowerFloor floor = LowerFloor.open(dir)) {
            assertThat(floor.fil.isNew()).isTrue();
            assertThat(floor.fil.size(0)).isEqualTo(16);
        }
        try (LowerFloor floor = LowerFloor.open(dir)) {
            assertThat(floor.fil.isNew()).isFalse();
        }
    }

    @Test
    void folderWithOtherFilesIsLeftAlone() throws Exception {
        Files.writeString(temp.resolve("thesis.txt"), "x");
        DataFolderException error = refused(temp);
        assertThat(error.reason()).isEqualTo(Reason.NOT_OURS);
        assertThat(error).hasMessageContaining("found=thesis.txt").hasMessageNotContaining("\n");
        assertThat(temp.resolve(DataFolder.SYSTEM_FILE)).doesNotExist();
    }

    @Test
    void remainderOfAnInterruptedCreationIsReplaced() throws Exception {
        Files.writeString(temp.resolve("ibdata1.new"), "half");
        try (LowerFloor floor = LowerFloor.open(temp)) {
            assertThat(floor.fil.isNew()).isTrue();
        }
        assertThat(temp.resolve("ibdata1.new")).doesNotExist();
    }

    @Test
    void foreignSystemFileIsRefused() throws Exception {
        LowerFloor.open(temp).close();
        overwrite(temp.resolve(DataFolder.SYSTEM_FILE), FspHeader.MAGIC, intBytes(0));
        assertThat(refused(temp).reason()).isEqualTo(Reason.NOT_OURS);
        Files.writeString(temp.resolve(DataFolder.SYSTEM_FILE), "short");
        assertThat(refused(temp).reason()).isEqualTo(Reason.NOT_OURS);
    }

    @Test
    void unknownFormatIsRefused() throws Exception {
        LowerFloor.open(temp).close();
        overwrite(temp.resolve(DataFolder.SYSTEM_FILE), FspHeader.FORMAT_VERSION, intBytes(2));
        assertThat(refused(temp).reason()).isEqualTo(Reason.FORMAT_VERSION);
    }

    @Test
    void otherPageSizeIsRefusedWithTheOneToUse() {
        LowerFloor.open(temp).close();
        DataFolderException error =
                Objects.requireNonNull(
                        catchThrowableOfType(
                                DataFolderException.class,
                                () ->
                                        LowerFloor.open(
                                                temp, LowerFloor.config().pageSize(1024).build())));
        assertThat(error.reason()).isEqualTo(Reason.PAGE_SIZE);
        assertThat(error).hasMessageContaining("page_size=512 expected=1024");
        LowerFloor.open(temp).close();
    }

    @Test
    void secondEngineInThisProcessIsRefused() {
        try (LowerFloor holder = LowerFloor.open(temp)) {
            PageId page = new PageId(holder.createSpace("held", 1).id(), 2);
            assertThat(refused(temp).reason()).isEqualTo(Reason.LOCKED);
            holder.putLong(page, 7L);
            assertThat(holder.getLong(page)).isEqualTo(7L);
        }
        LowerFloor.open(temp).close();
    }

    @Test
    void folderHeldByAnotherProcessIsRefused() throws Exception {
        Process holder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                FolderHolder.class.getName(),
                                temp.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            assertThat(holder.getInputStream().read()).isEqualTo('h');
            DataFolderException error = refused(temp);
            assertThat(error.reason()).isEqualTo(Reason.LOCKED);
            assertThat(error).hasMessageContaining("holder=another process");
        } finally {
            holder.getOutputStream().close();
            holder.waitFor();
        }
        LowerFloor.open(temp).close();
    }

    @Test
    void missingTableFileIsNamed() throws Exception {
        int id;
        try (LowerFloor floor = LowerFloor.open(temp)) {
            id = floor.createSpace("t1", 1).id();
        }
        Files.delete(temp.resolve("t1.ibd"));
        try (LowerFloor floor = LowerFloor.open(temp)) {
            floor.fil.register(id, "t1");
            assertThat(floor.fil.size(id)).isZero();
            assertThatThrownBy(() -> floor.pool.get(new PageId(id, 2), Latch.S))
                    .isInstanceOf(org.selvage.engine.TablespaceMissingException.class)
                    .hasMessageContaining("name=t1 file=" + temp.resolve("t1.ibd"));
            assertThat(floor.log.lines())
                    .containsExactly(
                            "[ERROR] InnoDB: Trying to do I/O to a tablespace which exists without"
                                    + " .ibd data file. I/O type: read, page: [page id: space="
                                    + id
                                    + ", page number=2], I/O length: 512 bytes");
        }
    }

    @Test
    void fileOfAnotherTablespaceIsRefused() throws Exception {
        int id;
        try (LowerFloor floor = LowerFloor.open(temp)) {
            id = floor.createSpace("t1", 1).id();
            floor.createSpace("t2", 1);
        }
        Files.move(
                temp.resolve("t2.ibd"),
                temp.resolve("t1.ibd"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (LowerFloor floor = LowerFloor.open(temp)) {
            floor.fil.register(id, "t1");
            DataFolderException error =
                    Objects.requireNonNull(
                            catchThrowableOfType(
                                    DataFolderException.class,
                                    () -> floor.pool.get(new PageId(id, 2), Latch.S)));
            assertThat(error.reason()).isEqualTo(Reason.SPACE_ID);
        }
    }

    @Test
    void corruptHeaderPageIsFoundWhenTheFolderIsOpened() throws Exception {
        LowerFloor.open(temp).close();
        overwrite(temp.resolve(DataFolder.SYSTEM_FILE), 400, intBytes(1));
        assertThatThrownBy(() -> LowerFloor.open(temp))
                .isInstanceOf(CorruptPageException.class)
                .hasMessageContaining("file=" + temp.resolve("ibdata1"))
                .hasMessageContaining("page=0");
        overwrite(temp.resolve(DataFolder.SYSTEM_FILE), 400, intBytes(0));
        LowerFloor.open(temp).close();
    }

    @Test
    void namesStayInsideTheFolder() {
        try (LowerFloor floor = LowerFloor.open(temp.resolve("data"))) {
            for (String name : new String[] {"../t", "", "a/../../t", "test/"}) {
                assertThatThrownBy(() -> floor.fil.create(5, name))
                        .isInstanceOf(EngineException.class)
                        .hasMessageContaining("Not a tablespace name");
            }
            floor.fil.create(5, "test/t");
            assertThat(temp.resolve("data/test/t.ibd")).exists();
        }
    }

    @Test
    void idsAndNamesAreUnique() {
        try (LowerFloor floor = LowerFloor.open(temp)) {
            FilSpace space = floor.createSpace("t1", 0);
            assertThatThrownBy(() -> floor.fil.create(space.id(), "t2"))
                    .hasMessageContaining("exists already");
            assertThatThrownBy(() -> floor.fil.create(99, "t1"))
                    .hasMessageContaining("exists already");
            assertThat(temp.resolve("t2.ibd")).doesNotExist();
        }
    }
}
