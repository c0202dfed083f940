package org.selvage.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DiskListenerTest {
    /** Keeps what it is told as lines, and checks that the disk has not changed yet. */
    private static final class Recorder implements DiskListener {
        private final List<String> lines = new ArrayList<>();
        private final EnumSet<DiskOperation> seen = EnumSet.noneOf(DiskOperation.class);
        private Runnable next = () -> {};

        @Override
        public void before(DiskOperation operation, String path, long offset, int length) {
            seen.add(operation);
            lines.add(operation + " " + path + " " + offset + " " + length);
            Runnable now = next;
            next = () -> {};
            now.run();
        }

        @Override
        public void beforeTransfer(DiskOperation operation, String source, String target) {
            before(operation, source + ">" + target, 0, 0);
        }

        List<String> take() {
            List<String> taken = List.copyOf(lines);
            lines.clear();
            return taken;
        }
    }

    private final Recorder recorder = new Recorder();
    private final SimulatedDisk disk = new SimulatedDisk(DiskImage.empty(), recorder);
    private final Path file = disk.path("/file");

    @Test
    void channelOperationsAreAnnouncedWithTheirPlace() throws IOException {
        useAChannel();
    }

    private void useAChannel() throws IOException {
        Files.createDirectory(disk.path("/x"));
        recorder.take();
        FileChannel.open(disk.path("./x/../file"), CREATE, READ, WRITE).close();
        assertThat(recorder.take()).containsExactly("CREATE /file 0 0");
        try (FileChannel channel = FileChannel.open(disk.path("file"), CREATE, READ, WRITE)) {
            recorder.take();
            channel.write(ByteBuffer.allocate(100));
            channel.write(ByteBuffer.allocate(5), 7000);
            channel.write(new ByteBuffer[] {ByteBuffer.allocate(3), ByteBuffer.allocate(4)});
            channel.read(ByteBuffer.allocate(9), 1);
            channel.position(10);
            channel.position();
            channel.read(ByteBuffer.allocate(8));
            channel.size();
            channel.truncate(50);
            channel.force(false);
            FileLock lock = channel.lock();
            lock.release();
            assertThat(recorder.take())
                    .containsExactly(
                            "WRITE /file 0 100",
                            "WRITE /file 7000 5",
                            "WRITE /file 100 7",
                            "READ /file 1 9",
                            "SEEK /file 10 0",
                            "SEEK /file -1 0",
                            "READ /file 10 8",
                            "ATTRIBUTES /file 0 0",
                            "TRUNCATE /file 50 0",
                            "FORCE /file 0 0",
                            "LOCK /file 0 2147483647",
                            "UNLOCK /file 0 2147483647");
        }
        assertThat(recorder.take()).as("closing").isEmpty();
    }

    @Test
    void synchronousWritesAreForced() throws IOException {
        try (FileChannel channel = FileChannel.open(file, CREATE, WRITE, DSYNC)) {
            recorder.take();
            channel.write(ByteBuffer.allocate(3));
            assertThat(recorder.take()).containsExactly("WRITE /file 0 3", "FORCE /file 0 0");
        }
    }

    @Test
    void pathOperationsAreAnnounced() throws IOException {
        usePaths();
    }

    private void usePaths() throws IOException {
        Path directory = disk.path("/d");
        Files.createDirectory(directory);
        Files.createFile(file);
        Path copy = Files.copy(file, disk.path("/copy"));
        Path moved = Files.move(copy, directory.resolve("moved"));
        try (Stream<Path> names = Files.list(directory)) {
            assertThat(names).containsExactly(moved);
        }
        Files.setLastModifiedTime(moved, FileTime.fromMillis(5));
        Files.isSameFile(file, moved);
        Files.delete(moved);
        FileChannel.open(file, READ, DELETE_ON_CLOSE).close();
        assertThat(recorder.take())
                .containsExactly(
                        "CREATE_DIRECTORY /d 0 0",
                        "CREATE /file 0 0",
                        "COPY /file>/copy 0 0",
                        "MOVE /copy>/d/moved 0 0",
                        "LIST /d 0 0",
                        "ATTRIBUTES /d/moved 0 0",
                        "ATTRIBUTES /file 0 0",
                        "ATTRIBUTES /d/moved 0 0",
                        "DELETE /d/moved 0 0",
                        "OPEN /file 0 0",
                        "DELETE /file 0 0");
    }

    @Test
    void aListenerThatKnowsOnePathIsToldTheSource() throws IOException {
        List<String> lines = new ArrayList<>();
        SimulatedDisk plain =
                new SimulatedDisk(
                        DiskImage.empty(),
                        (operation, path, offset, length) -> lines.add(operation + path));
        Files.createFile(plain.path("/a"));
        Files.move(plain.path("/a"), plain.path("/b"));
        assertThat(lines).containsExactly("CREATE/a", "MOVE/a");
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Every kind of change; each must not have happened yet when it is announced. */
    @Test
    void theDiskIsUntouchedWhileAnOperationIsAnnounced() throws IOException {
        Files.createDirectory(disk.path("/d"));
        Files.write(file, new byte[5000]);
        try (FileChannel channel = FileChannel.open(file, READ, WRITE);
                FileChannel end = FileChannel.open(file, APPEND)) {
            List<Step> steps =
                    List.of(
                            () -> channel.write(ByteBuffer.wrap(new byte[] {1, 2})),
                            () -> channel.write(ByteBuffer.wrap(new byte[] {3}), 9000),
                            () -> channel.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {4})}),
                            () -> end.write(ByteBuffer.wrap(new byte[] {5})),
                            () -> channel.truncate(3),
                            () -> Files.createFile(disk.path("/new")),
                            () ->
                                    Files.newByteChannel(
                                                    file,
                                                    WRITE,
                                                    StandardOpenOption.TRUNCATE_EXISTING)
                                            .close(),
                            () -> Files.createDirectory(disk.path("/d/e")),
                            () -> Files.copy(file, disk.path("/d/copy")),
                            () -> Files.move(disk.path("/new"), disk.path("/d/moved")),
                            () -> Files.setLastModifiedTime(file, FileTime.fromMillis(1)),
                            () -> Files.delete(disk.path("/d/copy")));
            for (Step step : steps) {
                NodeImage before = disk.image().root();
                NodeImage[] during = new NodeImage[1];
                recorder.next = () -> during[0] = disk.image().root();
                step.run();
                assertThat(during[0]).isSameAs(before);
                assertThat(disk.image().root()).isNotSameAs(before);
            }
        }
    }

    @Test
    void aListenerThatThrowsStopsTheOperation() throws IOException {
        Files.writeString(file, "kept");
        try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            NodeImage before = disk.image().root();
            List<Step> steps =
                    List.of(
                            () -> channel.write(ByteBuffer.allocate(1)),
                            () -> channel.truncate(0),
                            () -> Files.delete(file),
                            () -> Files.createFile(disk.path("/other")),
                            () -> Files.move(file, disk.path("/other")));
            for (Step step : steps) {
                recorder.next =
                        () -> {
                            throw new IllegalStateException("stop");
                        };
                assertThatIllegalStateException().isThrownBy(step::run).withMessage("stop");
                assertThat(disk.image().root()).isSameAs(before);
            }
            assertThat(channel.position()).isZero();
        }
    }

    @Test
    void aListenerThatThrowsBetweenOpenAndDeleteLeavesNoChannel() {
        recorder.next =
                () ->
                        recorder.next =
                                () -> {
                                    throw new IllegalStateException("stop");
                                };
        assertThatIllegalStateException()
                .isThrownBy(() -> FileChannel.open(file, CREATE, WRITE, DELETE_ON_CLOSE));
        assertThat(recorder.take()).containsExactly("CREATE /file 0 0", "DELETE /file 0 0");
        assertThat(((DiskFileSystem) disk.fileSystem()).openChannels()).isZero();
    }

    @Test
    void aRelativeOperationIsAnnouncedAgainWhenItsOffsetMoved() throws IOException {
        try (FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE);
                FileChannel end = FileChannel.open(file, APPEND)) {
            recorder.take();
            recorder.next = () -> write(channel, "other");
            write(channel, "me");
            recorder.next = () -> write(channel, "z");
            write(end, "end");
            assertThat(recorder.take())
                    .containsExactly(
                            "WRITE /file 0 2",
                            "WRITE /file 0 5",
                            "WRITE /file 5 2",
                            "WRITE /file 7 3",
                            "WRITE /file 7 1",
                            "WRITE /file 8 3");
        }
        assertThat(file).hasContent("othermezend");
    }

    private static void write(FileChannel channel, String text) {
        try {
            channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anOperationSeesWhatHappenedDuringItsAnnouncement() throws IOException {
        Files.writeString(file, "old");
        recorder.next = () -> delete(file);
        assertThat(Files.exists(file)).isFalse();
        Files.createDirectory(disk.path("/d"));
        recorder.next = () -> create(disk.path("/d/late"));
        try (Stream<Path> names = Files.list(disk.path("/d"))) {
            assertThat(names).hasSize(1);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void create(Path path) {
        try {
            Objects.requireNonNull(Files.createFile(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void noKindOfOperationIsMissed() throws IOException {
        useAChannel();
        Files.delete(file);
        recorder.take();
        usePaths();
        assertThat(recorder.seen).containsExactlyInAnyOrder(DiskOperation.values());
    }
}
