package org.selvage.disk;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.selvage.disk.NodeImage.DirectoryImage;
import org.selvage.disk.NodeImage.FileImage;
import org.selvage.disk.NodeImage.Stamp;

/**
 * A directory's names.
 *
 * <p>Children stay in the image until they are first reached: {@code live} holds those that were,
 * and those created since, and hides what the image has under the same name.
 */
final class DirectoryNode extends Node {
    private @Nullable DirectoryImage image;
    private @Nullable DirectoryNode parent;
    private Map<String, NodeImage> shared;
    private boolean sharedOwned;
    private @Nullable HashMap<String, Node> live;

    private DirectoryNode(Stamp stamp, Map<String, NodeImage> shared) {
        super(stamp);
        this.shared = shared;
    }

    /** An empty directory. */
    DirectoryNode(Stamp stamp) {
        this(stamp, Map.of());
    }

    /** The directory that an image holds. */
    static DirectoryNode open(DirectoryImage image) {
        DirectoryNode directory = new DirectoryNode(image.stamp(), image.children());
        directory.image = image;
        return directory;
    }

    /** The directory this one is in; the root is in itself. */
    DirectoryNode parent() {
        return parent == null ? this : parent;
    }

    @Nullable Node child(String name) {
        Node node = live == null ? null : live.get(name);
        if (node != null) {
            return node;
        }
        NodeImage frozen = shared.get(name);
        if (frozen == null) {
            return null;
        }
        return adopt(
                name,
                switch (frozen) {
                    case FileImage file -> FileNode.open(file);
                    case DirectoryImage directory -> open(directory);
                });
    }

    private Node adopt(String name, Node node) {
        if (live == null) {
            live = new HashMap<>();
        }
        live.put(name, node);
        if (node instanceof DirectoryNode directory) {
            directory.parent = this;
        }
        return node;
    }

    /** Adds a child under a name that is free. */
    void put(String name, Node node, long now) {
        touch(now);
        adopt(name, node);
    }

    void remove(String name, long now) {
        touch(now);
        if (live != null) {
            live.remove(name);
        }
        if (shared.containsKey(name)) {
            if (!sharedOwned) {
                shared = new HashMap<>(shared);
                sharedOwned = true;
            }
            shared.remove(name);
        }
    }

    boolean isEmpty() {
        return shared.isEmpty() && (live == null || live.isEmpty());
    }

    /** The names, in the order of their UTF-16 units. */
    NavigableSet<String> names() {
        NavigableSet<String> names = new TreeSet<>(shared.keySet());
        if (live != null) {
            names.addAll(live.keySet());
        }
        return names;
    }

    /** Whether this is the other directory or one of those it is in. */
    boolean contains(DirectoryNode other) {
        DirectoryNode at = other;
        while (at != this) {
            DirectoryNode up = at.parent;
            if (up == null) {
                return false;
            }
            at = up;
        }
        return true;
    }

    @Override
    long size() {
        return FileNode.CHUNK_BYTES;
    }

    @Override
    long occupiedBytes() {
        long bytes = 0;
        for (Map.Entry<String, NodeImage> entry : shared.entrySet()) {
            if (live == null || !live.containsKey(entry.getKey())) {
                bytes += entry.getValue().occupiedBytes();
            }
        }
        if (live != null) {
            for (Node child : live.values()) {
                bytes += child.occupiedBytes();
            }
        }
        return bytes;
    }

    @Override
    void changed() {
        image = null;
    }

    @Override
    DirectoryImage freeze() {
        DirectoryImage frozen = image;
        if (frozen != null && !anyChildChanged()) {
            return frozen;
        }
        Map<String, NodeImage> children = new HashMap<>(shared);
        if (live != null) {
            for (Map.Entry<String, Node> entry : live.entrySet()) {
                children.put(entry.getKey(), entry.getValue().freeze());
            }
        }
        frozen = new DirectoryImage(stamp(), children);
        image = frozen;
        shared = children;
        sharedOwned = false;
        return frozen;
    }

    /**
     * Freezes the live children and says whether one is not what the image has of it. An unchanged
     * child freezes to the very object in the image, so identity is what counts.
     */
    @SuppressWarnings("ReferenceEquality")
    private boolean anyChildChanged() {
        boolean changed = false;
        if (live != null) {
            for (Map.Entry<String, Node> entry : live.entrySet()) {
                changed |= shared.get(entry.getKey()) != entry.getValue().freeze();
            }
        }
        return changed;
    }
}
