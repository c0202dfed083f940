package org.selvage.disk;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.disk.Twins.Open;

/** The same random operations on the machine's file system and on a simulated disk. */
@EnabledOnOs(OS.LINUX)
class DifferentialTest {
    private static final int OPERATIONS = 4000;
    private static final int MAX_OPEN = 8;
    private static final int MAX_OFFSET = 20_000;
    private static final List<String> PATHS =
            List.of(
                    "a",
                    "b",
                    "c",
                    "d",
                    "d/a",
                    "d/b",
                    "d/e",
                    "d/e/a",
                    "d/e/f",
                    "d/e/f/a",
                    "g",
                    "g/a",
                    "a/x",
                    "missing/a",
                    ".",
                    "d/.",
                    "d/..",
                    "d/../a",
                    "d/../g",
                    "a/.",
                    "a/..",
                    "./b",
                    "");

    @TempDir Path folder;

    private Random random = new Random(0);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void sameResultsFailuresAndBytes(long seed) throws IOException {
        random = new Random(seed);
        SimulatedDisk disk = new SimulatedDisk(DiskImage.empty(), DiskListener.NONE);
        Path simulated = Files.createDirectory(disk.path("/root"));
        Path real = Files.createDirectory(folder.toRealPath().resolve("root"));
        try (Twins twins = new Twins("seed=" + seed, real, simulated)) {
            for (int i = 0; i < OPERATIONS; i++) {
                step(twins, i);
                if (i % 50 == 0) {
                    twins.compareAll();
                    disk.image();
                }
            }
            twins.compareAll();
        }
        assertThat(Twins.contents(disk.path("/"))).isEqualTo(Twins.contents(folder));
    }

    private void step(Twins twins, int serial) throws IOException {
        twins.channels().removeIf(open -> !open.real().isOpen());
        if (random.nextInt(100) < 55 && !twins.channels().isEmpty()) {
            Open open = pick(twins.channels());
            if (random.nextInt(10) < 6) {
                transferBytes(twins, open, serial);
            } else {
                changeChannel(twins, open, serial);
            }
        } else if (random.nextInt(3) == 0) {
            openChannel(twins);
        } else if (random.nextInt(2) == 0) {
            changeNames(twins, serial);
        } else {
            look(twins);
        }
        if (twins.channels().size() > MAX_OPEN) {
            twins.channels().removeFirst().close();
        }
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private Path below(Path root, String path) {
        return path.isEmpty() ? root : root.resolve(path);
    }

    private <T> Set<T> subset(double chance, List<T> values) {
        Set<T> chosen = new HashSet<>();
        for (T value : values) {
            if (random.nextDouble() < chance) {
                chosen.add(value);
            }
        }
        return chosen;
    }

    private void openChannel(Twins twins) {
        String path = pick(PATHS);
        Set<OpenOption> options = new HashSet<>(subset(0.25, List.of(StandardOpenOption.values())));
        if (random.nextInt(2) == 0) {
            options.addAll(List.of(READ, WRITE));
            options.remove(StandardOpenOption.APPEND);
        }
        twins.open(
                "open " + path + " " + options,
                root -> FileChannel.open(below(root, path), options));
    }

    private void transferBytes(Twins twins, Open open, int serial) {
        int at = random.nextInt(MAX_OFFSET);
        int length =
                random.nextInt(10) == 0 ? 0 : random.nextInt(random.nextBoolean() ? 100 : 9000);
        boolean direct = random.nextBoolean();
        switch (random.nextInt(6)) {
            case 0 ->
                    twins.both(
                            "read " + length, open, channel -> read(direct, length, channel::read));
            case 1 ->
                    twins.both(
                            "read " + length + " at " + at,
                            open,
                            channel -> read(direct, length, buffer -> channel.read(buffer, at)));
            case 2 ->
                    twins.both(
                            "write " + length,
                            open,
                            channel -> channel.write(Twins.bytes(serial, length)));
            case 3 ->
                    twins.both(
                            "write " + length + " at " + at,
                            open,
                            channel -> channel.write(Twins.bytes(serial, length), at));
            case 4 ->
                    twins.both(
                            "gather " + length,
                            open,
                            channel ->
                                    channel.write(
                                            new ByteBuffer[] {
                                                Twins.bytes(serial, length),
                                                ByteBuffer.allocate(0),
                                                Twins.bytes(serial + 1, 30),
                                            }));
            default ->
                    twins.both(
                            "scatter " + length,
                            open,
                            channel -> {
                                ByteBuffer[] buffers = {
                                    ByteBuffer.allocate(length), ByteBuffer.allocate(40)
                                };
                                return channel.read(buffers)
                                        + " "
                                        + Arrays.toString(buffers)
                                        + Arrays.hashCode(buffers[0].array())
                                        + Arrays.hashCode(buffers[1].array());
                            });
        }
    }

    private interface Reading {
        int into(ByteBuffer buffer) throws IOException;
    }

    private static String read(boolean direct, int length, Reading reading) throws IOException {
        ByteBuffer buffer =
                direct ? ByteBuffer.allocateDirect(length + 5) : ByteBuffer.allocate(length + 5);
        buffer.position(2).limit(length + 2);
        int bytes = reading.into(buffer);
        String state = bytes + " " + buffer.position();
        return state + " " + buffer.clear().hashCode();
    }

    private void changeChannel(Twins twins, Open open, int serial) throws IOException {
        int at = random.nextInt(MAX_OFFSET);
        switch (random.nextInt(9)) {
            case 0 -> twins.both("truncate " + at, open, c -> c.truncate(at).position());
            case 1 -> twins.both("position " + at, open, c -> c.position(at).position());
            case 2 -> twins.both("position", open, FileChannel::position);
            case 3 ->
                    twins.both(
                            "force",
                            open,
                            c -> {
                                c.force(serial % 2 == 0);
                                return c.isOpen();
                            });
            case 4 -> transferTo(twins, open, at);
            case 5 -> transferFrom(twins, open, at);
            case 6, 7 -> lock(twins, open);
            default ->
                    twins.both(
                            "close and read",
                            open,
                            c -> {
                                c.close();
                                return c.size();
                            });
        }
    }

    private void transferTo(Twins twins, Open open, int at) throws IOException {
        int count = random.nextInt(12_000);
        boolean append = random.nextBoolean();
        int skipped = random.nextInt(5000);
        try (Open sink =
                twins.beside(
                        append ? "appended" : "written",
                        StandardOpenOption.CREATE,
                        append ? StandardOpenOption.APPEND : WRITE)) {
            twins.both("sink", sink, c -> c.position(skipped).isOpen());
            twins.both(
                    "transfer " + count + " from " + at,
                    open,
                    c -> {
                        FileChannel target = c.equals(open.real()) ? sink.real() : sink.simulated();
                        return isDirectory(c) ? "directory" : c.transferTo(at, count, target);
                    });
            twins.both("sink", sink, FileChannel::size);
        }
    }

    /** Whether a channel is open on a directory, whose size is the file system's own affair. */
    private static boolean isDirectory(FileChannel channel) {
        try {
            channel.read(ByteBuffer.allocate(1), 0);
            return false;
        } catch (NonReadableChannelException e) {
            return false;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).startsWith("Is a directory");
        }
    }

    private void transferFrom(Twins twins, Open open, int at) {
        byte[] bytes = Twins.bytes(at, random.nextInt(12_000)).array();
        int count = random.nextInt(12_000);
        twins.both(
                "transfer " + count + " of " + bytes.length + " to " + at,
                open,
                c -> {
                    var source = Channels.newChannel(new ByteArrayInputStream(bytes));
                    return c.transferFrom(source, at, count);
                });
    }

    private void lock(Twins twins, Open open) {
        int at = random.nextInt(100);
        int size = random.nextInt(50);
        boolean shared = random.nextBoolean();
        boolean wait = random.nextBoolean();
        boolean release = random.nextInt(3) > 0;
        twins.both(
                "lock " + at + " " + size + " " + shared + " " + release,
                open,
                c -> {
                    FileLock lock = wait ? c.lock(at, size, shared) : c.tryLock(at, size, shared);
                    String state = lock.position() + " " + lock.size() + " " + lock.isShared();
                    if (release) {
                        lock.release();
                    }
                    return state + " " + lock.isValid();
                });
    }

    private void changeNames(Twins twins, int serial) {
        String path = pick(PATHS);
        String other = pick(PATHS);
        if (path.isEmpty() || other.isEmpty()) {
            return;
        }
        Set<CopyOption> options = new HashSet<>(subset(0.4, List.of(StandardCopyOption.values())));
        options.addAll(subset(0.2, List.of(LinkOption.values())));
        CopyOption[] copyOptions = options.toArray(new CopyOption[0]);
        switch (random.nextInt(8)) {
            case 0, 1 ->
                    twins.both(
                            "createDirectory " + path,
                            root -> Files.createDirectory(root.resolve(path)).getFileName());
            case 2 ->
                    twins.both(
                            "delete " + path,
                            root -> {
                                Files.delete(root.resolve(path));
                                return null;
                            });
            case 3 ->
                    twins.both(
                            "deleteIfExists " + path, r -> Files.deleteIfExists(r.resolve(path)));
            case 4 ->
                    twins.both(
                            "move " + path + " " + other + " " + options,
                            r ->
                                    below(
                                            r,
                                            Files.move(
                                                    r.resolve(path),
                                                    r.resolve(other),
                                                    copyOptions)));
            case 5 ->
                    twins.both(
                            "copy " + path + " " + other + " " + options,
                            r ->
                                    below(
                                            r,
                                            Files.copy(
                                                    r.resolve(path),
                                                    r.resolve(other),
                                                    copyOptions)));
            case 6 ->
                    twins.both(
                            "write all " + path,
                            r ->
                                    below(
                                            r,
                                            Files.write(
                                                    r.resolve(path),
                                                    Twins.bytes(serial, serial % 9000).array())));
            default ->
                    twins.both(
                            "createDirectories " + path,
                            r -> below(r, Files.createDirectories(r.resolve(path))));
        }
    }

    private static Path below(Path root, Path path) {
        return root.relativize(path);
    }

    private void look(Twins twins) {
        String path = pick(PATHS);
        String other = pick(PATHS);
        switch (random.nextInt(8)) {
            case 0 -> twins.both("list " + path, root -> list(below(root, path), "*"));
            case 1 -> twins.both("list " + path + " [ab]", root -> list(below(root, path), "[ab]"));
            case 2 -> twins.both("attributes " + path, root -> attributes(below(root, path)));
            case 3 ->
                    twins.both(
                            "same " + path + " " + other,
                            root -> Files.isSameFile(below(root, path), below(root, other)));
            case 4 -> twins.both("read all " + path, root -> Files.readAllBytes(below(root, path)));
            case 5 -> twins.both("access " + path, root -> access(below(root, path)));
            case 6 ->
                    twins.both(
                            "real path " + path,
                            root -> root.relativize(below(root, path).toRealPath()));
            default -> twins.both("times " + path, root -> setTimes(below(root, path)));
        }
    }

    private static List<String> list(Path directory, String glob) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
            stream.forEach(entry -> names.add(directory.relativize(entry).toString()));
        }
        names.sort(null);
        return names;
    }

    private static String attributes(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return attributes.isDirectory()
                + " "
                + attributes.isRegularFile()
                + " "
                + attributes.isSymbolicLink()
                + " "
                + attributes.isOther()
                + " "
                + (attributes.isRegularFile() ? attributes.size() : 0)
                + new TreeMap<>(Files.readAttributes(path, "isDirectory,isRegularFile"))
                + new TreeSet<>(Files.readAttributes(path, "*").keySet());
    }

    private static String access(Path path) throws IOException {
        String state =
                Files.exists(path)
                        + " "
                        + Files.notExists(path)
                        + " "
                        + Files.isReadable(path)
                        + " "
                        + Files.isWritable(path)
                        + " "
                        + Files.isExecutable(path)
                        + " "
                        + Files.isHidden(path)
                        + " "
                        + Files.isDirectory(path);
        path.getFileSystem().provider().checkAccess(path);
        return state;
    }

    private static @Nullable Object setTimes(Path path) throws IOException {
        FileTime modified = FileTime.fromMillis(1_234_567_000);
        FileTime accessed = FileTime.fromMillis(2_345_678_000L);
        Files.getFileAttributeView(path, BasicFileAttributeView.class)
                .setTimes(modified, accessed, null);
        Files.setAttribute(path, "basic:lastModifiedTime", FileTime.fromMillis(77_000));
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return attributes.lastModifiedTime() + " " + attributes.lastAccessTime();
    }
}
