package org.selvage.disk;

import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** The attributes of whatever a path stands for when the view is asked. */
final class DiskAttributeView implements BasicFileAttributeView {
    private final DiskFileSystemProvider provider;
    private final DiskPath path;

    DiskAttributeView(DiskFileSystemProvider provider, DiskPath path) {
        this.provider = provider;
        this.path = path;
    }

    @Override
    public String name() {
        return DiskAttributes.VIEW;
    }

    @Override
    public BasicFileAttributes readAttributes() throws IOException {
        return provider.attributes(path);
    }

    @Override
    public void setTimes(
            @Nullable FileTime lastModifiedTime,
            @Nullable FileTime lastAccessTime,
            @Nullable FileTime createTime)
            throws IOException {
        provider.setTimes(path, lastModifiedTime, lastAccessTime, createTime);
    }
}
