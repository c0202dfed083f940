package org.selvage.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.selvage.disk.NodeImage.DirectoryImage;
import org.selvage.disk.NodeImage.FileImage;

class DiskImageTest {
    private static SimulatedDisk open(DiskImage image) {
        return new SimulatedDisk(image, DiskListener.NONE);
    }

    private static DiskImage twoFiles() throws IOException {
        SimulatedDisk disk = open(DiskImage.empty());
        Files.createDirectory(disk.path("/data"));
        Files.write(disk.path("/data/a"), new byte[10_000]);
        Files.write(disk.path("/data/b"), new byte[5000]);
        return disk.image();
    }

    @Test
    void emptyImageHasARootAlone() throws IOException {
        SimulatedDisk disk = open(DiskImage.empty());
        assertThat(Files.isDirectory(disk.path("/"))).isTrue();
        assertThat(disk.path("/")).isEmptyDirectory();
        assertThat(disk.image().fileCount()).isZero();
    }

    @Test
    void countsFilesAndWholeChunks() throws IOException {
        DiskImage image = twoFiles();
        assertThat(image.fileCount()).isEqualTo(2);
        assertThat(image.occupiedBytes()).isEqualTo(5 * 4096);
        assertThat(image).hasToString("DiskImage[files=2, occupiedBytes=20480]");
    }

    @Test
    void twoDisksOfOneImageNeverSeeEachOther() throws IOException {
        DiskImage image = twoFiles();
        SimulatedDisk left = open(image);
        SimulatedDisk right = open(image);
        Files.writeString(left.path("/data/a"), "left");
        Files.delete(left.path("/data/b"));
        Files.createDirectory(right.path("/data/d"));
        try (FileChannel channel = FileChannel.open(right.path("/data/a"), READ, WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {7}), 5000);
        }
        assertThat(left.path("/data/a")).hasContent("left");
        assertThat(left.path("/data/b")).doesNotExist();
        assertThat(left.path("/data/d")).doesNotExist();
        byte[] expected = new byte[10_000];
        expected[5000] = 7;
        assertThat(right.path("/data/a")).hasBinaryContent(expected);
        assertThat(right.path("/data/b")).hasSize(5000);
        assertThat(open(image).path("/data/a")).hasBinaryContent(new byte[10_000]);
        assertThat(open(image).path("/data/b")).exists();
        assertThat(open(image).path("/data/d")).doesNotExist();
    }

    @Test
    void writesAfterAnImageLeaveItAlone() throws IOException {
        SimulatedDisk disk = open(DiskImage.empty());
        try (FileChannel channel = FileChannel.open(disk.path("/a"), CREATE, READ, WRITE)) {
            channel.write(ByteBuffer.wrap("first".getBytes(UTF_8)));
            DiskImage first = disk.image();
            channel.write(ByteBuffer.wrap(new byte[] {'F'}), 0);
            DiskImage second = disk.image();
            channel.truncate(2);
            channel.write(ByteBuffer.wrap(new byte[] {'X'}), 4);
            assertThat(open(first).path("/a")).hasContent("first");
            assertThat(open(second).path("/a")).hasContent("First");
            assertThat(disk.path("/a")).hasContent("Fi\0\0X");
        }
    }

    @Test
    void namesRemovedAfterAnImageStayInIt() throws IOException {
        SimulatedDisk disk = open(twoFiles());
        Files.delete(disk.path("/data/a"));
        DiskImage one = disk.image();
        Files.delete(disk.path("/data/b"));
        DiskImage none = disk.image();
        assertThat(one.fileCount()).isEqualTo(1);
        assertThat(open(one).path("/data/b")).hasSize(5000);
        assertThat(none.fileCount()).isZero();
    }

    @Test
    void sharesWhatDidNotChange() throws IOException {
        DiskImage image = twoFiles();
        SimulatedDisk disk = open(image);
        assertThat(disk.image().root()).isSameAs(image.root());
        try (FileChannel channel = FileChannel.open(disk.path("/data/a"), READ, WRITE)) {
            channel.read(ByteBuffer.allocate(10));
            channel.truncate(channel.size());
            channel.truncate(20_000);
            channel.write(ByteBuffer.allocate(0));
            channel.force(true);
            assertThat(disk.image().root()).isSameAs(image.root());
            channel.write(ByteBuffer.wrap(new byte[1]), 5000);
        }
        DirectoryImage before = data(image);
        DirectoryImage after = data(disk.image());
        assertThat(after.children().get("b")).isSameAs(before.children().get("b"));
        byte[][] old = ((FileImage) file(before, "a")).chunks();
        byte[][] written = ((FileImage) file(after, "a")).chunks();
        assertThat(written[0]).isSameAs(old[0]);
        assertThat(written[1]).isNotSameAs(old[1]);
        assertThat(written[2]).isSameAs(old[2]);
        assertThat(disk.image().root()).isSameAs(disk.image().root());
    }

    private static DirectoryImage data(DiskImage image) {
        return (DirectoryImage) file(image.root(), "data");
    }

    private static NodeImage file(DirectoryImage directory, String name) {
        NodeImage node = directory.children().get(name);
        return Objects.requireNonNull(node);
    }

    @Test
    void aCopySharesItsSourceUntilOneChanges() throws IOException {
        SimulatedDisk disk = open(twoFiles());
        Files.copy(disk.path("/data/a"), disk.path("/data/c"));
        DirectoryImage data = data(disk.image());
        assertThat(((FileImage) file(data, "c")).chunks())
                .isSameAs(((FileImage) file(data, "a")).chunks());
        Files.writeString(disk.path("/data/a"), "changed");
        assertThat(disk.path("/data/c")).hasBinaryContent(new byte[10_000]);
    }

    @Test
    void imagesCarryTimesAndKeysOn() throws IOException {
        DiskImage image = twoFiles();
        SimulatedDisk disk = open(image);
        Object key = Files.getAttribute(disk.path("/data/a"), "fileKey");
        assertThat(Files.getAttribute(open(image).path("/data/a"), "fileKey")).isEqualTo(key);
        Path fresh = Files.createFile(disk.path("/data/fresh"));
        assertThat(Files.getLastModifiedTime(fresh))
                .isGreaterThan(Files.getLastModifiedTime(disk.path("/data/b")));
        List<Object> keys = new ArrayList<>();
        for (String name : List.of("/data", "/data/a", "/data/b", "/data/fresh")) {
            keys.add(Files.getAttribute(disk.path(name), "fileKey"));
        }
        assertThat(keys).doesNotHaveDuplicates();
    }

    @Test
    void aFileDeletedWhileOpenIsNotInTheImage() throws IOException {
        SimulatedDisk disk = open(twoFiles());
        try (FileChannel channel = FileChannel.open(disk.path("/data/a"), READ, WRITE)) {
            Files.delete(disk.path("/data/a"));
            channel.write(ByteBuffer.wrap(new byte[3]));
            assertThat(disk.image().fileCount()).isEqualTo(1);
        }
    }

    /**
     * Disks branch from images of each other at random; each must hold what its own model holds.
     */
    @Test
    void randomBranchesStayApart() throws IOException {
        Random random = new Random(3);
        List<SimulatedDisk> disks = new ArrayList<>(List.of(open(DiskImage.empty())));
        List<SortedMap<String, byte[]>> models = new ArrayList<>(List.of(new TreeMap<>()));
        for (int i = 0; i < 6000; i++) {
            int at = random.nextInt(disks.size());
            if (random.nextInt(20) == 0) {
                int to = disks.size() < 6 ? disks.size() : random.nextInt(disks.size());
                SimulatedDisk branch = open(disks.get(at).image());
                SortedMap<String, byte[]> model = new TreeMap<>(models.get(at));
                if (to == disks.size()) {
                    disks.add(branch);
                    models.add(model);
                } else {
                    disks.set(to, branch);
                    models.set(to, model);
                }
            }
            change(disks.get(at), models.get(at), random);
        }
        for (int i = 0; i < disks.size(); i++) {
            compare(disks.get(i), models.get(i));
            compare(open(disks.get(i).image()), models.get(i));
        }
    }

    private static void change(SimulatedDisk disk, SortedMap<String, byte[]> model, Random random)
            throws IOException {
        String name = "f" + random.nextInt(4);
        byte[] old = model.getOrDefault(name, new byte[0]);
        if (random.nextInt(40) == 0) {
            Files.deleteIfExists(disk.path("/", name));
            model.remove(name);
            return;
        }
        try (FileChannel channel = FileChannel.open(disk.path("/", name), CREATE, WRITE)) {
            if (random.nextInt(6) == 0) {
                int size = random.nextInt(30_000);
                channel.truncate(size);
                model.put(name, Arrays.copyOf(old, Math.min(size, old.length)));
                return;
            }
            byte[] bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 50 : 9000)];
            random.nextBytes(bytes);
            int offset = random.nextInt(20_000);
            channel.write(ByteBuffer.wrap(bytes), offset);
            byte[] next = Arrays.copyOf(old, Math.max(old.length, offset + bytes.length));
            System.arraycopy(bytes, 0, next, offset, bytes.length);
            model.put(name, next);
        }
    }

    private static void compare(SimulatedDisk disk, SortedMap<String, byte[]> model)
            throws IOException {
        assertThat(disk.image().fileCount()).isEqualTo(model.size());
        for (var entry : model.entrySet()) {
            assertThat(disk.path("/", entry.getKey())).hasBinaryContent(entry.getValue());
        }
    }
}
