package org.selvage.disk;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// Some streams are closed twice, late or by the file system, as that is what is tested.
@SuppressWarnings("StreamResourceLeak")
class DiskFileSystemTest {
    private final SimulatedDisk disk = new SimulatedDisk(DiskImage.empty(), DiskListener.NONE);
    private final FileSystem fileSystem = disk.fileSystem();
    private final FileSystemProvider provider = fileSystem.provider();
    private final Path file = disk.path("/file");

    @Test
    void describesItself() {
        assertThat(provider.getScheme()).isEqualTo("selvage");
        assertThat(fileSystem.isOpen()).isTrue();
        assertThat(fileSystem.isReadOnly()).isFalse();
        assertThat(fileSystem.getSeparator()).isEqualTo("/");
        assertThat(fileSystem.getRootDirectories()).containsExactly(disk.path("/"));
        assertThat(fileSystem.supportedFileAttributeViews()).containsExactly("basic");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(fileSystem::getUserPrincipalLookupService);
    }

    @Test
    void isFoundByItsProviderAlone() throws IOException {
        URI root = URI.create("selvage:///");
        assertThat(provider.getFileSystem(root)).isSameAs(fileSystem);
        assertThatExceptionOfType(FileSystemAlreadyExistsException.class)
                .isThrownBy(() -> provider.newFileSystem(root, Map.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.getFileSystem(URI.create("file:///")));
        assertThat(FileSystemProvider.installedProviders())
                .noneMatch(installed -> installed.getScheme().equals("selvage"));
    }

    @Test
    void closingClosesChannelsAndKeepsTheDisk() throws IOException {
        FileChannel channel = FileChannel.open(file, CREATE, WRITE);
        channel.write(ByteBuffer.wrap(new byte[] {1}));
        DirectoryStream<Path> stream = Files.newDirectoryStream(disk.path("/"));
        fileSystem.close();
        fileSystem.close();
        assertThat(fileSystem.isOpen()).isFalse();
        assertThat(channel.isOpen()).isFalse();
        assertThat(stream.iterator().hasNext()).isFalse();
        assertThatExceptionOfType(ClosedFileSystemException.class)
                .isThrownBy(() -> Files.size(file));
        assertThatExceptionOfType(ClosedFileSystemException.class)
                .isThrownBy(() -> Files.createDirectory(disk.path("/d")));
        SimulatedDisk again = new SimulatedDisk(disk.image(), DiskListener.NONE);
        assertThat(again.path("/file")).hasBinaryContent(new byte[] {1});
    }

    @Test
    void closedChannelsAreForgotten() throws IOException {
        FileChannel first = FileChannel.open(file, CREATE, WRITE);
        first.close();
        FileChannel second = FileChannel.open(file, WRITE);
        assertThat(((DiskFileSystem) fileSystem).openChannels()).isEqualTo(1);
        fileSystem.close();
        assertThat(first.isOpen() || second.isOpen()).isFalse();
        assertThat(((DiskFileSystem) fileSystem).openChannels()).isZero();
    }

    @Test
    void refusesPathsOfAnotherDisk() {
        Path other = new SimulatedDisk(DiskImage.empty(), DiskListener.NONE).path("/file");
        assertThatExceptionOfType(ProviderMismatchException.class)
                .isThrownBy(() -> provider.createDirectory(other))
                .withMessageContaining("path=/file");
        assertThatExceptionOfType(ProviderMismatchException.class)
                .isThrownBy(() -> provider.delete(Path.of("file")));
    }

    @Test
    void readsAttributes() throws IOException {
        Files.write(file, new byte[5001]);
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        assertThat(attributes.size()).isEqualTo(5001);
        assertThat(attributes.isRegularFile()).isTrue();
        assertThat(attributes.isDirectory()).isFalse();
        assertThat(attributes.fileKey()).isNotNull();
        Map<String, Object> all = Files.readAttributes(file, "*");
        assertThat(all)
                .containsOnlyKeys(
                        "size",
                        "creationTime",
                        "lastAccessTime",
                        "lastModifiedTime",
                        "fileKey",
                        "isDirectory",
                        "isRegularFile",
                        "isSymbolicLink",
                        "isOther")
                .containsEntry("size", 5001L);
        assertThat(Files.readAttributes(file, "basic:size,isOther"))
                .isEqualTo(Map.of("size", 5001L, "isOther", false));
        assertThat(Files.readAttributes(file, "basic:*")).isEqualTo(all);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Files.readAttributes(file, "size,colour"))
                .withMessageContaining("attribute=colour");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> Files.readAttributes(file, "unix:ino"))
                .withMessageContaining("view=unix");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> Files.readAttributes(file, PosixFileAttributes.class));
        assertThat(Files.getFileAttributeView(file, PosixFileAttributeView.class)).isNull();
    }

    @Test
    void setsTimes() throws IOException {
        Files.createFile(file);
        FileTime time = FileTime.fromMillis(123_456_789);
        BasicFileAttributeView view =
                Files.getFileAttributeView(file, BasicFileAttributeView.class);
        assertThat(view.name()).isEqualTo("basic");
        FileTime accessed = view.readAttributes().lastAccessTime();
        view.setTimes(time, null, null);
        view.setTimes(null, null, null);
        assertThat(view.readAttributes().lastModifiedTime()).isEqualTo(time);
        assertThat(view.readAttributes().lastAccessTime()).isEqualTo(accessed);
        view.setTimes(null, FileTime.fromMillis(9), null);
        assertThat(view.readAttributes().lastModifiedTime()).isEqualTo(time);
        Files.getFileAttributeView(disk.path("/none"), BasicFileAttributeView.class)
                .setTimes(null, null, null);
        Files.setAttribute(file, "creationTime", time);
        Files.setAttribute(file, "basic:lastAccessTime", time);
        assertThat(view.readAttributes().creationTime()).isEqualTo(time);
        assertThat(view.readAttributes().lastAccessTime()).isEqualTo(time);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Files.setAttribute(file, "size", FileTime.fromMillis(0)));
    }

    @Test
    void stampsChangesWithItsClock() throws IOException {
        AtomicLong clock = new AtomicLong(1_000);
        SimulatedDisk timed =
                new SimulatedDisk(DiskImage.empty(), DiskListener.NONE, false, clock::get);
        Path path = Files.createFile(timed.path("/a"));
        clock.set(5_000);
        Files.write(path, new byte[1]);
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        assertThat(attributes.creationTime().toMillis()).isEqualTo(1_000);
        assertThat(attributes.lastModifiedTime().toMillis()).isEqualTo(5_000);
        assertThat(Files.getLastModifiedTime(timed.path("/")).toMillis()).isEqualTo(1_000);
        Files.delete(path);
        assertThat(Files.getLastModifiedTime(timed.path("/")).toMillis()).isEqualTo(5_000);
    }

    @Test
    void copiesTimesWhenAsked() throws IOException {
        Files.createFile(file);
        FileTime time = FileTime.fromMillis(-5);
        Files.setLastModifiedTime(file, time);
        Path plain = Files.copy(file, disk.path("/plain"));
        Path exact = Files.copy(file, disk.path("/exact"), StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(Files.getLastModifiedTime(plain)).isGreaterThan(time);
        assertThat(Files.getLastModifiedTime(exact)).isEqualTo(time);
    }

    @Test
    void checksAccess() throws IOException {
        Files.createFile(file);
        provider.checkAccess(file);
        provider.checkAccess(file, AccessMode.READ, AccessMode.WRITE);
        provider.checkAccess(disk.path("/"), AccessMode.EXECUTE);
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> provider.checkAccess(file, AccessMode.EXECUTE));
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> provider.checkAccess(disk.path("/file/below")));
        assertThat(Files.isHidden(disk.path("/.x"))).isTrue();
        assertThat(Files.isHidden(disk.path("/x"))).isFalse();
    }

    @Test
    void knowsTheSameFile() throws IOException {
        Files.createFile(file);
        Path copy = Files.copy(file, disk.path("/copy"));
        assertThat(Files.isSameFile(file, disk.path("/./file"))).isTrue();
        assertThat(Files.isSameFile(file, copy)).isFalse();
        assertThat(Files.isSameFile(file, Path.of("file"))).isFalse();
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> Files.isSameFile(file, disk.path("/none")));
    }

    @Test
    void reportsSpace() throws IOException {
        FileStore store = Files.getFileStore(disk.path("/"));
        assertThat(fileSystem.getFileStores()).containsExactly(store);
        long free = store.getUnallocatedSpace();
        Files.createDirectory(disk.path("/d"));
        Files.write(disk.path("/d/a"), new byte[4097]);
        assertThat(free - store.getUnallocatedSpace()).isEqualTo(8192);
        assertThat(store.getUsableSpace()).isEqualTo(store.getUnallocatedSpace());
        assertThat(store.getTotalSpace()).isEqualTo(1L << 40);
        assertThat(store.getBlockSize()).isEqualTo(4096);
        assertThat(store.name()).isEqualTo("selvage");
        assertThat(store.type()).isEqualTo("selvage");
        assertThat(store.isReadOnly()).isFalse();
        assertThat(store.getAttribute("totalSpace")).isEqualTo(1L << 40);
        assertThat(store.getAttribute("usableSpace")).isEqualTo(store.getUsableSpace());
        assertThat(store.supportsFileAttributeView("basic")).isTrue();
        assertThat(store.supportsFileAttributeView("posix")).isFalse();
        assertThat(store.supportsFileAttributeView(BasicFileAttributeView.class)).isTrue();
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> store.getAttribute("colour"));
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> Files.getFileStore(file));
        SimulatedDisk reopened = new SimulatedDisk(disk.image(), DiskListener.NONE);
        assertThat(Files.getFileStore(reopened.path("/")).getUnallocatedSpace())
                .isEqualTo(store.getUnallocatedSpace());
    }

    @Test
    void listsInOrder() throws IOException {
        for (String name : List.of("b", "c", "a", ".d")) {
            Files.createFile(disk.path("/", name));
        }
        try (Stream<Path> names = Files.list(disk.path("/"))) {
            assertThat(names).extracting(Path::toString).containsExactly("/.d", "/a", "/b", "/c");
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(disk.path(""), "[ab]")) {
            assertThat(stream).extracting(Path::toString).containsExactly("a", "b");
        }
        try (Stream<Path> walk = Files.walk(disk.path("/"))) {
            assertThat(walk).hasSize(5);
        }
    }

    @Test
    void aDirectoryStreamIsReadOnce() throws IOException {
        Files.createFile(file);
        DirectoryStream<Path> stream = Files.newDirectoryStream(disk.path("/"));
        Iterator<Path> iterator = stream.iterator();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(stream::iterator);
        assertThat(iterator.next()).isEqualTo(file);
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(iterator::remove);
        stream.close();
        stream.close();
        DirectoryStream<Path> closed = Files.newDirectoryStream(disk.path("/"));
        closed.close();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(closed::iterator);
        DirectoryStream<Path> failing =
                Files.newDirectoryStream(
                        disk.path("/"),
                        entry -> {
                            throw new IOException("filter");
                        });
        assertThatExceptionOfType(DirectoryIteratorException.class)
                .isThrownBy(() -> failing.iterator().hasNext());
        assertThatExceptionOfType(NotDirectoryException.class)
                .isThrownBy(() -> Files.newDirectoryStream(file));
    }

    @Test
    void closingADirectoryStreamEndsIt() throws IOException {
        Files.createFile(file);
        DirectoryStream<Path> stream = Files.newDirectoryStream(disk.path("/"));
        Iterator<Path> iterator = stream.iterator();
        stream.close();
        assertThat(iterator.hasNext()).isFalse();
    }

    @Test
    void whatItCannotDoItSays() throws IOException {
        Files.createFile(file);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> Files.createSymbolicLink(disk.path("/link"), file));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> Files.createLink(disk.path("/link"), file));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() ->
                        Files.createDirectory(
                                disk.path("/d"),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rwx------"))))
                .withMessageContaining("attribute=posix:permissions");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> AsynchronousFileChannel.open(file, READ));
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> Files.delete(disk.path("/")))
                .withMessageContaining("Device or resource busy");
    }

    @Test
    void worksWithTheMachinesFiles(@TempDir Path folder) throws IOException {
        byte[] bytes = Twins.bytes(5, 20_000).array();
        Path real = Files.write(folder.resolve("real"), bytes);
        Files.copy(real, file);
        assertThat(file).hasBinaryContent(bytes);
        Files.move(file, folder.resolve("back"));
        assertThat(folder.resolve("back")).hasBinaryContent(bytes);
        assertThat(file).doesNotExist();
        Path lines = Files.write(disk.path("/lines"), List.of("a", "b"));
        assertThat(Files.readAllLines(lines)).containsExactly("a", "b");
        assertThat(Files.createTempFile(disk.path("/"), "x", null)).exists();
    }
}
