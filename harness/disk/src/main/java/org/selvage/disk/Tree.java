package org.selvage.disk;

import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.selvage.disk.NodeImage.FileImage;
import org.selvage.disk.NodeImage.Stamp;

/**
 * The names of one disk and what they stand for. A method that throws has changed nothing, except a
 * move that replaces: like the JDK's on Linux it removes the target first, and may then fail to
 * rename. Failures carry the text of the Linux error.
 */
final class Tree {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final DirectoryNode root;
    private final @Nullable LongSupplier clockMillis;
    private long serial;

    /**
     * @param clockMillis milliseconds since the epoch, or null to let each change be one
     *     millisecond after the one before
     */
    Tree(DiskImage image, @Nullable LongSupplier clockMillis) {
        this.root = DirectoryNode.open(image.root());
        this.clockMillis = clockMillis;
        this.serial = image.serial();
    }

    DiskImage freeze() {
        return new DiskImage(root.freeze(), serial);
    }

    long occupiedBytes() {
        return root.occupiedBytes();
    }

    long nowNanos() {
        return NANOS_PER_MILLI * (clockMillis == null ? ++serial : clockMillis.getAsLong());
    }

    private Stamp newStamp(long now) {
        return new Stamp(++serial, now, now, now);
    }

    /**
     * Where a path leads.
     *
     * @param name the last name, which is not an entry of the parent when it is {@code .}, {@code
     *     ..}, empty or the root's slash
     * @param node what is there, or null
     */
    private record Place(DirectoryNode parent, String name, @Nullable Node node) {
        boolean isEntry() {
            return switch (name) {
                case "", ".", "..", "/" -> false;
                default -> true;
            };
        }
    }

    /** What a path stands for, or null when there is no such file. */
    @Nullable Node find(DiskPath path) throws FileSystemException {
        return walk(path, path.getNameCount());
    }

    Node get(DiskPath path) throws FileSystemException {
        Node node = find(path);
        if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        return node;
    }

    private @Nullable Node walk(DiskPath path, int count) throws FileSystemException {
        Node node = root;
        for (int i = 0; i < count; i++) {
            if (!(node instanceof DirectoryNode directory)) {
                throw notDirectory(path, null);
            }
            Node next = step(directory, path.name(i));
            if (next == null) {
                return null;
            }
            node = next;
        }
        return node;
    }

    private static @Nullable Node step(DirectoryNode directory, String name) {
        return switch (name) {
            case "", "." -> directory;
            case ".." -> directory.parent();
            default -> directory.child(name);
        };
    }

    private Place locate(DiskPath path) throws FileSystemException {
        return locate(path, path, null);
    }

    /** Finds the parent and the last name; a failure names {@code file} and {@code other}. */
    private Place locate(DiskPath path, DiskPath file, @Nullable DiskPath other)
            throws FileSystemException {
        int count = path.getNameCount();
        if (count == 0) {
            return new Place(root, "/", root);
        }
        Node parent;
        try {
            parent = walk(path, count - 1);
        } catch (FileSystemException e) {
            throw other == null ? e : notDirectory(file, other);
        }
        if (parent == null) {
            throw new NoSuchFileException(file.toString(), text(other), null);
        }
        if (!(parent instanceof DirectoryNode directory)) {
            throw notDirectory(file, other);
        }
        String name = path.name(count - 1);
        return new Place(directory, name, step(directory, name));
    }

    Node open(DiskPath path, OpenFlags flags) throws FileSystemException {
        int count = path.getNameCount();
        if (flags.createNew() && count > 0 && isHere(path.name(count - 1))) {
            throw new FileAlreadyExistsException(path.toString());
        }
        Place place = locate(path);
        Node node = place.node();
        if (node == null) {
            if (!flags.create()) {
                throw new NoSuchFileException(path.toString());
            }
            long now = nowNanos();
            node = new FileNode(newStamp(now));
            place.parent().put(place.name(), node, now);
            return node;
        }
        if (flags.createNew()) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (node instanceof FileNode file) {
            if (flags.truncate()) {
                file.truncate(0, nowNanos());
            }
        } else if (flags.write()) {
            throw failure(path, null, "Is a directory");
        }
        return node;
    }

    private static boolean isHere(String name) {
        return name.isEmpty() || name.equals(".");
    }

    /** Removes the name of a file if it still stands for it. */
    void unlink(DiskPath path, Node node) throws FileSystemException {
        if (node instanceof FileNode && find(path) == node) {
            Place place = locate(path);
            place.parent().remove(place.name(), nowNanos());
        }
    }

    void createDirectory(DiskPath path) throws FileSystemException {
        Place place = locate(path);
        if (place.node() != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        makeDirectory(place);
    }

    private DirectoryNode makeDirectory(Place place) {
        long now = nowNanos();
        DirectoryNode directory = new DirectoryNode(newStamp(now));
        place.parent().put(place.name(), directory, now);
        return directory;
    }

    void delete(DiskPath path) throws FileSystemException {
        Node node = get(path);
        Place place = locate(path);
        if (node instanceof DirectoryNode directory) {
            switch (place.name()) {
                case "/" -> throw failure(path, null, "Device or resource busy");
                case "", "." -> throw failure(path, null, "Invalid argument");
                case ".." -> throw new DirectoryNotEmptyException(path.toString());
                default -> {
                    if (!directory.isEmpty()) {
                        throw new DirectoryNotEmptyException(path.toString());
                    }
                }
            }
        }
        place.parent().remove(place.name(), nowNanos());
    }

    /**
     * Moves as {@code Files.move} does on Linux. An atomic move is a rename, which replaces a file
     * or an empty directory; any other deletes the target first, if it may.
     */
    void move(DiskPath source, DiskPath target, boolean atomic, boolean replace)
            throws FileSystemException {
        if (!atomic) {
            Node node = getSource(source);
            Node existing = existingTarget(target);
            if (existing == node) {
                return;
            }
            clear(target, existing, replace);
        }
        rename(source, target);
    }

    /**
     * Copies a file's content, or creates a directory; the content is shared until one side
     * changes.
     */
    void copy(DiskPath source, DiskPath target, boolean replace, boolean attributes)
            throws FileSystemException {
        Node node = getSource(source);
        Node existing = existingTarget(target);
        if (existing == node) {
            return;
        }
        clear(target, existing, replace);
        Place place = locate(target);
        Node copy =
                switch (node) {
                    case DirectoryNode directory -> makeDirectory(place);
                    case FileNode file -> {
                        long now = nowNanos();
                        FileImage content = file.freeze();
                        FileNode made = new FileNode(newStamp(now), content);
                        place.parent().put(place.name(), made, now);
                        yield made;
                    }
                };
        if (attributes) {
            Stamp stamp = node.stamp();
            copy.restamp(copy.stamp().created(), stamp.modified(), stamp.accessed());
        }
    }

    private Node getSource(DiskPath source) throws FileSystemException {
        Node node;
        try {
            node = find(source);
        } catch (FileSystemException notDirectory) {
            throw noSuchSource(source, notDirectory);
        }
        if (node == null) {
            throw new NoSuchFileException(source.toString());
        }
        return node;
    }

    private static NoSuchFileException noSuchSource(DiskPath source, FileSystemException cause) {
        NoSuchFileException missing = new NoSuchFileException(source.toString());
        missing.initCause(cause);
        return missing;
    }

    /**
     * What a target stands for now; what keeps it from being reached is reported when it is made.
     */
    private @Nullable Node existingTarget(DiskPath target) {
        try {
            return find(target);
        } catch (FileSystemException unreachable) {
            return null;
        }
    }

    private void clear(DiskPath target, @Nullable Node existing, boolean replace)
            throws FileSystemException {
        if (existing != null) {
            if (!replace) {
                throw new FileAlreadyExistsException(target.toString());
            }
            delete(target);
        }
    }

    /** Renames as rename(2) does. */
    private void rename(DiskPath source, DiskPath target) throws FileSystemException {
        Place from = locate(source, source, target);
        Place to = locate(target, source, target);
        if (!from.isEntry() || !to.isEntry()) {
            throw failure(source, target, "Device or resource busy");
        }
        Node node = from.node();
        if (node == null) {
            throw new NoSuchFileException(source.toString(), target.toString(), null);
        }
        if (node instanceof DirectoryNode directory && directory.contains(to.parent())) {
            throw failure(source, target, "Invalid argument");
        }
        Node existing = to.node();
        if (existing instanceof DirectoryNode directory && directory.contains(from.parent())) {
            throw failure(source, target, "Directory not empty");
        }
        if (existing == node) {
            return;
        }
        if (existing != null) {
            checkReplaceable(node, existing, source, target);
            to.parent().remove(to.name(), nowNanos());
        }
        long now = nowNanos();
        from.parent().remove(from.name(), now);
        to.parent().put(to.name(), node, now);
    }

    private static void checkReplaceable(Node node, Node existing, DiskPath source, DiskPath target)
            throws FileSystemException {
        if (existing instanceof DirectoryNode directory) {
            if (node instanceof FileNode) {
                throw failure(source, target, "Is a directory");
            }
            if (!directory.isEmpty()) {
                throw failure(source, target, "Directory not empty");
            }
        } else if (node instanceof DirectoryNode) {
            throw notDirectory(source, target);
        }
    }

    private static FileSystemException notDirectory(DiskPath file, @Nullable DiskPath other) {
        return failure(file, other, "Not a directory");
    }

    private static FileSystemException failure(
            DiskPath file, @Nullable DiskPath other, String reason) {
        return new FileSystemException(file.toString(), text(other), reason);
    }

    private static @Nullable String text(@Nullable DiskPath path) {
        return path == null ? null : path.toString();
    }
}
