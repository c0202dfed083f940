package org.selvage.disk;

import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The file system on one disk: open until it is closed, which closes its channels. */
final class DiskFileSystem extends FileSystem {
    private final SimulatedDisk disk;
    private final DiskFileSystemProvider provider;
    private final DiskFileStore store;

    /** Open channels in the order they were opened. */
    private final LinkedHashSet<DiskChannel> channels = new LinkedHashSet<>();

    private volatile boolean open = true;

    DiskFileSystem(SimulatedDisk disk) {
        this.disk = disk;
        this.provider = new DiskFileSystemProvider(disk, this);
        this.store = new DiskFileStore(disk);
    }

    DiskFileStore store() {
        return store;
    }

    /** Adds a channel; between {@link SimulatedDisk#enter} and exit, as is {@link #remove}. */
    void add(DiskChannel channel) {
        channels.add(channel);
    }

    void remove(DiskChannel channel) {
        channels.remove(channel);
    }

    /** How many channels are open. */
    int openChannels() {
        return channels.size();
    }

    void ensureOpen() {
        if (!open) {
            throw new ClosedFileSystemException();
        }
    }

    @Override
    public DiskFileSystemProvider provider() {
        return provider;
    }

    /** Closes every channel; what was written stays on the disk. */
    @Override
    public void close() throws IOException {
        open = false;
        List<DiskChannel> toClose;
        disk.enter();
        try {
            toClose = new ArrayList<>(channels);
        } finally {
            disk.exit();
        }
        for (DiskChannel channel : toClose) {
            channel.close();
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(getPath("/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of(store);
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of(DiskAttributes.VIEW);
    }

    @Override
    public DiskPath getPath(String first, String... more) {
        StringBuilder joined = new StringBuilder(first);
        for (String part : more) {
            if (!part.isEmpty()) {
                joined.append(joined.isEmpty() ? "" : "/").append(part);
            }
        }
        return DiskPath.parse(this, joined.toString());
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        int colon = syntaxAndPattern.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException(
                    "A path pattern starts with its syntax: pattern="
                            + syntaxAndPattern
                            + ". Write glob:PATTERN or regex:PATTERN.");
        }
        String syntax = syntaxAndPattern.substring(0, colon);
        String input = syntaxAndPattern.substring(colon + 1);
        Pattern pattern =
                switch (syntax.toLowerCase(Locale.ROOT)) {
                    case "glob" -> Pattern.compile(Glob.toRegex(input));
                    case "regex" -> Pattern.compile(input);
                    default ->
                            throw new UnsupportedOperationException(
                                    "Unknown path pattern syntax: syntax="
                                            + syntax
                                            + ". Use glob or regex.");
                };
        return path -> pattern.matcher(path.toString()).matches();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("Files of a simulated disk have no owners.");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException(
                "A simulated disk cannot be watched. List the directory instead.");
    }
}
