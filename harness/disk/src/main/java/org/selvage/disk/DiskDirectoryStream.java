package org.selvage.disk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The names a directory had when the stream was opened, in order, filtered as they are reached. */
final class DiskDirectoryStream implements DirectoryStream<Path> {
    private final DiskFileSystem fileSystem;
    private final DiskPath directory;
    private final Iterator<String> names;
    private final Filter<? super Path> filter;
    private boolean iterated;
    private boolean closed;

    DiskDirectoryStream(
            DiskFileSystem fileSystem,
            DiskPath directory,
            Iterator<String> names,
            Filter<? super Path> filter) {
        this.fileSystem = fileSystem;
        this.directory = directory;
        this.names = names;
        this.filter = filter;
    }

    @Override
    public Iterator<Path> iterator() {
        if (closed) {
            throw new IllegalStateException("The directory stream is closed: path=" + directory);
        }
        if (iterated) {
            throw new IllegalStateException(
                    "A directory stream gives one iterator: path=" + directory + ". Open another.");
        }
        iterated = true;
        return new Entries();
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class Entries implements Iterator<Path> {
        private @Nullable Path ahead;

        @Override
        public boolean hasNext() {
            if (ahead == null && !closed && fileSystem.isOpen()) {
                ahead = findNext();
            }
            return ahead != null;
        }

        @Override
        public Path next() {
            Path entry = hasNext() ? ahead : null;
            if (entry == null) {
                throw new NoSuchElementException("No more entries: path=" + directory);
            }
            ahead = null;
            return entry;
        }

        private @Nullable Path findNext() {
            try {
                while (names.hasNext()) {
                    Path entry = directory.resolve(names.next());
                    if (filter.accept(entry)) {
                        return entry;
                    }
                }
                return null;
            } catch (IOException e) {
                throw new DirectoryIteratorException(e);
            }
        }
    }
}
