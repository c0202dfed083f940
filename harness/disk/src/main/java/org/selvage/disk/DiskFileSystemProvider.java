package org.selvage.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operations on the paths of one disk. Each announces itself while nothing is held, then takes
 * effect between {@link SimulatedDisk#enter} and {@link SimulatedDisk#exit}.
 */
final class DiskFileSystemProvider extends FileSystemProvider {
    static final String SCHEME = "selvage";

    private final SimulatedDisk disk;
    private final DiskFileSystem fileSystem;

    DiskFileSystemProvider(SimulatedDisk disk, DiskFileSystem fileSystem) {
        this.disk = disk;
        this.fileSystem = fileSystem;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    /** Always fails: a disk has the one file system. */
    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        getPath(uri);
        throw new FileSystemAlreadyExistsException(
                "A disk has one file system: uri=" + uri + ". Open another SimulatedDisk.");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        getPath(uri);
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        boolean ours =
                SCHEME.equalsIgnoreCase(uri.getScheme())
                        && uri.getRawAuthority() == null
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null
                        && uri.getPath() != null
                        && uri.getPath().startsWith("/");
        if (!ours) {
            throw new IllegalArgumentException(
                    "Not a path of a simulated disk: uri=" + uri + ". Write selvage:///PATH.");
        }
        return fileSystem.getPath(uri.getPath());
    }

    private DiskPath own(Path path) {
        Objects.requireNonNull(path, "path");
        if (path.getFileSystem() != fileSystem) {
            throw new ProviderMismatchException(
                    "The path belongs to another file system: path="
                            + path
                            + " class="
                            + path.getClass().getName()
                            + ". Make it with SimulatedDisk.path.");
        }
        fileSystem.ensureOpen();
        return (DiskPath) path;
    }

    private static void refuse(FileAttribute<?>... attributes) {
        if (attributes.length > 0) {
            throw new UnsupportedOperationException(
                    "A simulated disk sets no attribute when it creates a file: attribute="
                            + attributes[0].name());
        }
    }

    @Override
    public FileChannel newFileChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
            throws IOException {
        DiskPath file = own(path);
        OpenFlags flags = OpenFlags.of(options);
        refuse(attrs);
        disk.announce(flags.create() ? DiskOperation.CREATE : DiskOperation.OPEN, file);
        DiskChannel channel;
        Node node;
        disk.enter();
        try {
            node = disk.tree().open(file, flags);
            channel = new DiskChannel(disk, fileSystem, node, file.announcedText(), flags);
            fileSystem.add(channel);
        } finally {
            disk.exit();
        }
        if (flags.deleteOnClose()) {
            unlink(file, node, channel);
        }
        return channel;
    }

    /** Removes the name as soon as the file is open; its channel keeps the content. */
    private void unlink(DiskPath file, Node node, DiskChannel channel) throws IOException {
        try {
            disk.announce(DiskOperation.DELETE, file);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
        disk.enter();
        try {
            disk.tree().unlink(file, node);
        } finally {
            disk.exit();
        }
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
            throws IOException {
        return newFileChannel(path, options, attrs);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
            Path dir, DirectoryStream.Filter<? super Path> filter) throws IOException {
        DiskPath directory = own(dir);
        Objects.requireNonNull(filter, "filter");
        disk.announce(DiskOperation.LIST, directory);
        Iterator<String> names;
        disk.enter();
        try {
            names = list(directory);
        } finally {
            disk.exit();
        }
        return new DiskDirectoryStream(fileSystem, directory, names, filter);
    }

    private Iterator<String> list(DiskPath directory) throws IOException {
        Node node;
        try {
            node = disk.tree().get(directory);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            throw notDirectory(directory, e);
        }
        if (node instanceof DirectoryNode found) {
            return found.names().iterator();
        }
        throw notDirectory(directory, null);
    }

    private static NotDirectoryException notDirectory(
            DiskPath path, @Nullable FileSystemException cause) {
        NotDirectoryException failure = new NotDirectoryException(path.toString());
        if (cause != null) {
            failure.initCause(cause);
        }
        return failure;
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attrs) throws IOException {
        DiskPath directory = own(dir);
        refuse(attrs);
        disk.announce(DiskOperation.CREATE_DIRECTORY, directory);
        disk.enter();
        try {
            disk.tree().createDirectory(directory);
        } finally {
            disk.exit();
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        DiskPath file = own(path);
        disk.announce(DiskOperation.DELETE, file);
        disk.enter();
        try {
            disk.tree().delete(file);
        } finally {
            disk.exit();
        }
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        DiskPath from = own(source);
        DiskPath to = own(target);
        Set<StandardCopyOption> given = copyOptions(options, StandardCopyOption.ATOMIC_MOVE);
        disk.announceTransfer(DiskOperation.COPY, from, to);
        disk.enter();
        try {
            disk.tree()
                    .copy(
                            from,
                            to,
                            given.contains(StandardCopyOption.REPLACE_EXISTING),
                            given.contains(StandardCopyOption.COPY_ATTRIBUTES));
        } finally {
            disk.exit();
        }
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        DiskPath from = own(source);
        DiskPath to = own(target);
        Set<StandardCopyOption> given = copyOptions(options, StandardCopyOption.COPY_ATTRIBUTES);
        disk.announceTransfer(DiskOperation.MOVE, from, to);
        disk.enter();
        try {
            disk.tree()
                    .move(
                            from,
                            to,
                            given.contains(StandardCopyOption.ATOMIC_MOVE),
                            given.contains(StandardCopyOption.REPLACE_EXISTING));
        } finally {
            disk.exit();
        }
    }

    private static Set<StandardCopyOption> copyOptions(
            CopyOption[] options, StandardCopyOption unsupported) {
        EnumSet<StandardCopyOption> given = EnumSet.noneOf(StandardCopyOption.class);
        for (CopyOption option : options) {
            Objects.requireNonNull(option, "option");
            if (option instanceof StandardCopyOption standard && standard != unsupported) {
                given.add(standard);
            } else if (option != LinkOption.NOFOLLOW_LINKS) {
                throw new UnsupportedOperationException(
                        "This option does not apply here: option=" + option);
            }
        }
        return given;
    }

    @Override
    public boolean isSameFile(Path path, Path path2) throws IOException {
        if (path.equals(Objects.requireNonNull(path2, "path2"))) {
            return true;
        }
        DiskPath first = own(path);
        if (path2.getFileSystem() != fileSystem) {
            return false;
        }
        return node(first) == node(own(path2));
    }

    /** Fails as stat does when there is no such file. */
    void ensureExists(DiskPath file) throws IOException {
        fileSystem.ensureOpen();
        node(file);
    }

    private Node node(DiskPath file) throws IOException {
        disk.announce(DiskOperation.ATTRIBUTES, file);
        disk.enter();
        try {
            return disk.tree().get(file);
        } finally {
            disk.exit();
        }
    }

    @Override
    public boolean isHidden(Path path) {
        DiskPath name = own(path).getFileName();
        return name != null && name.toString().startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        attributes(own(path));
        return fileSystem.store();
    }

    /** Everything that exists may be read and written; only a directory may be executed. */
    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        DiskPath file = own(path);
        DiskAttributes attributes = attributes(file);
        if (!attributes.isDirectory() && Arrays.asList(modes).contains(AccessMode.EXECUTE)) {
            throw new AccessDeniedException(file.toString());
        }
    }

    /** Reads attributes; below a file, which is no directory, there is no such file. */
    DiskAttributes attributes(DiskPath file) throws IOException {
        fileSystem.ensureOpen();
        disk.announce(DiskOperation.ATTRIBUTES, file);
        disk.enter();
        try {
            return DiskAttributes.of(disk.tree().get(file));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            NoSuchFileException missing = new NoSuchFileException(file.toString());
            missing.initCause(e);
            throw missing;
        } finally {
            disk.exit();
        }
    }

    void setTimes(
            DiskPath file,
            @Nullable FileTime modified,
            @Nullable FileTime accessed,
            @Nullable FileTime created)
            throws IOException {
        if (modified == null && accessed == null && created == null) {
            return;
        }
        fileSystem.ensureOpen();
        disk.announce(DiskOperation.ATTRIBUTES, file);
        disk.enter();
        try {
            Node node = disk.tree().get(file);
            NodeImage.Stamp old = node.stamp();
            node.restamp(
                    created == null ? old.created() : DiskAttributes.nanos(created),
                    modified == null ? old.modified() : DiskAttributes.nanos(modified),
                    accessed == null ? old.accessed() : DiskAttributes.nanos(accessed));
        } finally {
            disk.exit();
        }
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        DiskPath file = own(path);
        return type == BasicFileAttributeView.class
                ? type.cast(new DiskAttributeView(this, file))
                : null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
            Path path, Class<A> type, LinkOption... options) throws IOException {
        DiskPath file = own(path);
        if (type != BasicFileAttributes.class) {
            throw new UnsupportedOperationException(
                    "A simulated disk has only BasicFileAttributes: type=" + type.getName());
        }
        return type.cast(attributes(file));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
            throws IOException {
        DiskPath file = own(path);
        DiskAttributes.withoutView(attributes);
        return attributes(file).select(attributes);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
            throws IOException {
        DiskPath file = own(path);
        String name = DiskAttributes.withoutView(attribute);
        FileTime time = (FileTime) value;
        switch (name) {
            case "lastModifiedTime" -> setTimes(file, time, null, null);
            case "lastAccessTime" -> setTimes(file, null, time, null);
            case "creationTime" -> setTimes(file, null, null, time);
            default -> throw DiskAttributes.unknown(name);
        }
    }
}
