package org.selvage.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskChannelTest {
    private Runnable atOperation = () -> {};
    private final SimulatedDisk disk =
            new SimulatedDisk(
                    DiskImage.empty(), (operation, path, offset, length) -> atOperation.run());
    private final Path file = disk.path("/file");

    private interface Use {
        void on(FileChannel channel) throws IOException;
    }

    /** Every operation of a channel that can be refused. */
    private static final List<Use> USES =
            List.of(
                    c -> c.read(ByteBuffer.allocate(1)),
                    c -> c.read(ByteBuffer.allocate(1), 0),
                    c -> c.read(new ByteBuffer[] {ByteBuffer.allocate(1)}),
                    c -> c.write(ByteBuffer.allocate(1)),
                    c -> c.write(ByteBuffer.allocate(1), 0),
                    c -> c.write(new ByteBuffer[] {ByteBuffer.allocate(1)}),
                    FileChannel::size,
                    FileChannel::position,
                    c -> c.position(1),
                    c -> c.truncate(1),
                    c -> c.force(true),
                    FileChannel::tryLock);

    private FileChannel open(OpenOption... options) throws IOException {
        return FileChannel.open(file, options);
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String readAll(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) channel.size());
        while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {}
        return UTF_8.decode(buffer.flip()).toString();
    }

    @Test
    void aDeletedFileLivesOnInItsChannels() throws IOException {
        Files.writeString(file, "before");
        try (FileChannel one = open(READ, WRITE);
                FileChannel other = open(READ)) {
            Files.delete(file);
            assertThat(file).doesNotExist();
            one.write(text("AFTER!"), 0);
            assertThat(readAll(other)).isEqualTo("AFTER!");
            Files.writeString(file, "another file");
            assertThat(readAll(other)).isEqualTo("AFTER!");
        }
        assertThat(file).hasContent("another file");
    }

    @Test
    void aReplacedFileLivesOnInItsChannels() throws IOException {
        Files.writeString(file, "old");
        Path next = Files.writeString(disk.path("/next"), "new");
        try (FileChannel channel = open(READ)) {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            assertThat(readAll(channel)).isEqualTo("old");
        }
        assertThat(file).hasContent("new");
    }

    @Test
    void aMovedFileStaysOpen() throws IOException {
        try (FileChannel channel = open(CREATE, WRITE)) {
            Files.move(file, disk.path("/moved"));
            channel.write(text("written later"));
        }
        assertThat(disk.path("/moved")).hasContent("written later");
    }

    @Test
    void deleteOnCloseRemovesTheNameAndKeepsTheBytes() throws IOException {
        try (FileChannel channel = open(CREATE, READ, WRITE, DELETE_ON_CLOSE)) {
            channel.write(text("temporary"));
            assertThat(file).doesNotExist();
            assertThat(readAll(channel)).isEqualTo("temporary");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void deleteOnCloseSparesAFileThatTookTheName() throws IOException {
        Path moved = disk.path("/moved");
        boolean[] opened = {false};
        atOperation =
                () -> {
                    if (opened[0]) {
                        atOperation = () -> {};
                        replaceFile(moved);
                    }
                    opened[0] = true;
                };
        open(CREATE, WRITE, DELETE_ON_CLOSE).close();
        assertThat(file).hasContent("newcomer");
        assertThat(moved).exists();
    }

    private void replaceFile(Path moved) {
        try {
            Files.move(file, moved);
            Files.writeString(file, "newcomer");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void appendIgnoresPositions() throws IOException {
        Files.writeString(file, "0123");
        try (FileChannel channel = open(APPEND)) {
            channel.position(1);
            channel.write(text("4"));
            channel.write(text("5"), 0);
            assertThat(channel.position()).isEqualTo(6);
        }
        assertThat(file).hasContent("012345");
    }

    @Test
    void optionsThatExcludeEachOther() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> open(READ, APPEND));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> open(APPEND, TRUNCATE_EXISTING));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> open(new OpenOption() {}));
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> open(READ, CREATE_NEW));
    }

    @Test
    void aClosedChannelRefusesEverything() throws IOException {
        FileChannel channel = open(CREATE, READ, WRITE);
        channel.close();
        channel.close();
        for (Use use : USES) {
            assertThatExceptionOfType(ClosedChannelException.class)
                    .isThrownBy(() -> use.on(channel));
        }
    }

    @Test
    void aChannelClosedDuringAnOperationFailsIt() throws IOException {
        for (Use use : USES) {
            FileChannel channel = open(CREATE, READ, WRITE);
            atOperation = () -> closeNow(channel);
            assertThatExceptionOfType(AsynchronousCloseException.class)
                    .isThrownBy(() -> use.on(channel));
            atOperation = () -> {};
            assertThat(file).isEmptyFile();
        }
    }

    private static void closeNow(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anInterruptedThreadClosesTheChannel() throws IOException {
        for (Use use : USES) {
            FileChannel channel = open(CREATE, READ, WRITE);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(ClosedByInterruptException.class)
                    .isThrownBy(() -> use.on(channel));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(channel.isOpen()).isFalse();
        }
        FileChannel channel = open(READ, WRITE);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(FileLockInterruptionException.class).isThrownBy(channel::lock);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).isEmptyFile();
    }

    @Test
    void readsAndWritesOnlyAsOpened() throws IOException {
        Files.writeString(file, "x");
        try (FileChannel reader = open(READ);
                FileChannel writer = open(WRITE)) {
            assertThatExceptionOfType(NonWritableChannelException.class)
                    .isThrownBy(() -> reader.write(text("y")));
            assertThatExceptionOfType(NonWritableChannelException.class)
                    .isThrownBy(() -> reader.truncate(0));
            assertThatExceptionOfType(NonWritableChannelException.class)
                    .isThrownBy(() -> reader.transferTo(9, 1, reader));
            assertThatExceptionOfType(NonReadableChannelException.class)
                    .isThrownBy(() -> writer.read(ByteBuffer.allocate(1)));
            assertThatExceptionOfType(NonReadableChannelException.class)
                    .isThrownBy(() -> writer.transferFrom(writer, 0, 0));
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> reader.read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
        }
    }

    @Test
    void refusesNegativeNumbers() throws IOException {
        try (FileChannel channel = open(CREATE, READ, WRITE)) {
            List<Use> negative =
                    List.of(
                            c -> c.position(-1),
                            c -> c.truncate(-1),
                            c -> c.read(ByteBuffer.allocate(1), -1),
                            c -> c.write(ByteBuffer.allocate(1), -1),
                            c -> c.transferTo(-1, 1, c),
                            c -> c.transferFrom(c, 0, -1),
                            c -> c.tryLock(-1, 1, false));
            for (Use use : negative) {
                assertThatExceptionOfType(IllegalArgumentException.class)
                        .isThrownBy(() -> use.on(channel));
            }
        }
    }

    @Test
    void transfersBetweenChannels() throws IOException {
        byte[] bytes = Twins.bytes(1, 30_000).array();
        Files.write(file, bytes);
        Path target = disk.path("/target");
        try (FileChannel from = open(READ);
                FileChannel to = FileChannel.open(target, CREATE, WRITE)) {
            assertThat(from.transferTo(0, 20_000, to)).isEqualTo(20_000);
            from.position(20_000);
            assertThat(to.transferFrom(from, 20_000, Long.MAX_VALUE)).isEqualTo(10_000);
            assertThat(from.transferTo(30_001, 5, to)).isZero();
        }
        assertThat(target).hasBinaryContent(bytes);
    }

    @Test
    void locksExcludeEachOtherWhereTheyOverlap() throws IOException {
        FileChannel other = open(CREATE, READ, WRITE);
        try (FileChannel one = open(READ, WRITE)) {
            FileLock lock = one.lock(10, 10, false);
            assertThat(lock.isValid()).isTrue();
            assertThatExceptionOfType(OverlappingFileLockException.class)
                    .isThrownBy(() -> other.tryLock(19, 1, true));
            assertThatExceptionOfType(OverlappingFileLockException.class)
                    .isThrownBy(() -> one.lock(0, 0, false));
            other.tryLock(20, 5, true).release();
            lock.release();
            lock.release();
            assertThat(lock.isValid()).isFalse();
            FileLock next = other.lock(0, 100, false);
            other.close();
            assertThat(next.isValid()).isFalse();
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(next::release);
            assertThat(one.tryLock()).isNotNull();
        }
    }

    @Test
    void cannotBeMapped() throws IOException {
        try (FileChannel channel = open(CREATE, READ, WRITE)) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, 1))
                    .withMessageContaining("path=/file");
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, 1, Arena.ofAuto()));
        }
    }

    @Test
    void aFileEndsAtItsLimit() throws IOException {
        try (FileChannel channel = open(CREATE, READ, WRITE)) {
            channel.write(text("x"), FileNode.MAX_BYTES - 1);
            assertThat(channel.size()).isEqualTo(FileNode.MAX_BYTES);
            assertThatExceptionOfType(FileSystemException.class)
                    .isThrownBy(() -> channel.write(text("xy"), FileNode.MAX_BYTES - 1))
                    .withMessageContaining("limit=" + FileNode.MAX_BYTES);
            assertThatExceptionOfType(FileSystemException.class)
                    .isThrownBy(() -> channel.write(text("x"), Long.MAX_VALUE));
            assertThat(channel.write(text(""), Long.MAX_VALUE)).isZero();
            channel.position(FileNode.MAX_BYTES - 1);
            assertThatExceptionOfType(FileSystemException.class)
                    .isThrownBy(() -> channel.write(new ByteBuffer[] {text("y"), text("z")}));
            assertThat(channel.size()).isEqualTo(FileNode.MAX_BYTES);
            ByteBuffer last = ByteBuffer.allocate(2);
            assertThat(channel.read(last, FileNode.MAX_BYTES - 1)).isEqualTo(1);
            assertThat(last.get(0)).isEqualTo((byte) 'x');
        }
    }

    @Test
    void aDirectoryOpensForForceAlone() throws IOException {
        try (FileChannel channel = FileChannel.open(disk.path("/"), READ)) {
            channel.force(true);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
                    .withMessage("Is a directory: path=/");
        }
    }
}
