package org.selvage.disk;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.selvage.disk.NodeImage.Stamp;

/** The attributes of a file or directory at one instant. */
record DiskAttributes(Stamp stamp, boolean isDirectory, long size) implements BasicFileAttributes {
    static final String VIEW = "basic";

    static DiskAttributes of(Node node) {
        return new DiskAttributes(node.stamp(), node instanceof DirectoryNode, node.size());
    }

    /** Times outside the years 1677 to 2262 become the nearest one inside. */
    static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }

    private static FileTime time(long nanos) {
        return FileTime.from(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * The attributes that a request names.
     *
     * @param requested names separated by commas, {@code *} for all, with or without {@code basic:}
     * @throws UnsupportedOperationException for another view
     * @throws IllegalArgumentException for an unknown name
     */
    Map<String, Object> select(String requested) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("size", size());
        all.put("creationTime", creationTime());
        all.put("lastAccessTime", lastAccessTime());
        all.put("lastModifiedTime", lastModifiedTime());
        all.put("fileKey", fileKey());
        all.put("isDirectory", isDirectory());
        all.put("isRegularFile", isRegularFile());
        all.put("isSymbolicLink", isSymbolicLink());
        all.put("isOther", isOther());
        Map<String, Object> selected = new LinkedHashMap<>();
        for (String name : withoutView(requested).split(",", -1)) {
            if (name.equals("*")) {
                selected.putAll(all);
                continue;
            }
            Object value = all.get(name);
            if (value == null) {
                throw unknown(name);
            }
            selected.put(name, value);
        }
        return selected;
    }

    /** An attribute's name without its view, which must be the basic one. */
    static String withoutView(String attribute) {
        int colon = attribute.indexOf(':');
        if (colon < 0) {
            return attribute;
        }
        String view = attribute.substring(0, colon);
        if (!view.equals(VIEW)) {
            throw new UnsupportedOperationException(
                    "A simulated disk has only the attribute view basic: view=" + view);
        }
        return attribute.substring(colon + 1);
    }

    static IllegalArgumentException unknown(String attribute) {
        return new IllegalArgumentException(
                "No such attribute in the view basic, or it cannot be set: attribute=" + attribute);
    }

    @Override
    public FileTime lastModifiedTime() {
        return time(stamp.modified());
    }

    @Override
    public FileTime lastAccessTime() {
        return time(stamp.accessed());
    }

    @Override
    public FileTime creationTime() {
        return time(stamp.created());
    }

    @Override
    public boolean isRegularFile() {
        return !isDirectory;
    }

    @Override
    public boolean isSymbolicLink() {
        return false;
    }

    @Override
    public boolean isOther() {
        return false;
    }

    @Override
    public Object fileKey() {
        return stamp.id();
    }
}
