package org.selvage.disk;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A Unix path: names between slashes. A relative one starts from the root directory. */
final class DiskPath implements Path {
    private static final String[] NO_NAMES = {};

    private final DiskFileSystem fileSystem;
    private final String text;

    /** Computed when first needed; tasks that race to it compute equal arrays. */
    private String @Nullable [] names;

    private @Nullable String announced;

    private DiskPath(DiskFileSystem fileSystem, String text) {
        this.fileSystem = fileSystem;
        this.text = text;
    }

    /** Parses a path: slashes that repeat or end it are dropped. */
    static DiskPath parse(DiskFileSystem fileSystem, String input) {
        if (input.indexOf('\0') >= 0) {
            throw new InvalidPathException(input, "Nul character not allowed");
        }
        boolean plain = !input.contains("//") && (input.length() <= 1 || !input.endsWith("/"));
        return new DiskPath(fileSystem, plain ? input : collapse(input));
    }

    private static String collapse(String input) {
        StringBuilder kept = new StringBuilder(input.length());
        for (int i = 0; i < input.length(); i++) {
            char c = input.charAt(i);
            if (c != '/' || kept.isEmpty() || kept.charAt(kept.length() - 1) != '/') {
                kept.append(c);
            }
        }
        if (kept.length() > 1 && kept.charAt(kept.length() - 1) == '/') {
            kept.setLength(kept.length() - 1);
        }
        return kept.toString();
    }

    private String[] names() {
        String[] known = names;
        if (known == null) {
            known = text.equals("/") ? NO_NAMES : split(isAbsolute() ? 1 : 0);
            names = known;
        }
        return known;
    }

    private String[] split(int from) {
        List<String> parts = new ArrayList<>(4);
        int start = from;
        for (int slash = text.indexOf('/', start); slash >= 0; slash = text.indexOf('/', start)) {
            parts.add(text.substring(start, slash));
            start = slash + 1;
        }
        parts.add(text.substring(start));
        return parts.toArray(NO_NAMES);
    }

    /** The name at an index, as a string. */
    String name(int index) {
        return names()[index];
    }

    /** The path as listeners are told it: absolute, without {@code .} and {@code ..}. */
    String announcedText() {
        String known = announced;
        if (known == null) {
            known = toAbsolutePath().normalize().text;
            announced = known;
        }
        return known;
    }

    private DiskPath of(String other) {
        return new DiskPath(fileSystem, other);
    }

    private DiskPath of(boolean absolute, List<String> parts) {
        return of((absolute ? "/" : "") + String.join("/", parts));
    }

    private boolean isEmpty() {
        return text.isEmpty();
    }

    /** The names, none for the empty path. */
    private List<String> parts() {
        return isEmpty() ? List.of() : Arrays.asList(names());
    }

    private static DiskPath cast(Path path) {
        Objects.requireNonNull(path, "path");
        if (path instanceof DiskPath other) {
            return other;
        }
        throw new ProviderMismatchException(
                "A path of a simulated disk is needed: path="
                        + path
                        + " class="
                        + path.getClass().getName()
                        + ". Make it with SimulatedDisk.path.");
    }

    @Override
    public DiskFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return text.startsWith("/");
    }

    @Override
    public @Nullable DiskPath getRoot() {
        return isAbsolute() ? of("/") : null;
    }

    @Override
    public @Nullable DiskPath getFileName() {
        int count = getNameCount();
        return count == 0 ? null : getName(count - 1);
    }

    @Override
    public @Nullable DiskPath getParent() {
        int slash = text.lastIndexOf('/');
        if (slash > 0) {
            return of(text.substring(0, slash));
        }
        return slash == 0 && text.length() > 1 ? of("/") : null;
    }

    @Override
    public int getNameCount() {
        return names().length;
    }

    @Override
    public DiskPath getName(int index) {
        if (index < 0 || index >= getNameCount()) {
            throw new IllegalArgumentException("No such name: path=" + text + " index=" + index);
        }
        return of(name(index));
    }

    @Override
    public DiskPath subpath(int beginIndex, int endIndex) {
        if (beginIndex < 0 || endIndex > getNameCount() || beginIndex >= endIndex) {
            throw new IllegalArgumentException(
                    "No such names: path=" + text + " begin=" + beginIndex + " end=" + endIndex);
        }
        return of(false, Arrays.asList(names()).subList(beginIndex, endIndex));
    }

    @Override
    public boolean startsWith(Path other) {
        if (!(Objects.requireNonNull(other, "other") instanceof DiskPath that)
                || that.fileSystem != fileSystem
                || that.isAbsolute() != isAbsolute()) {
            return false;
        }
        int count = that.getNameCount();
        return count <= getNameCount() && Arrays.equals(names(), 0, count, that.names(), 0, count);
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(Objects.requireNonNull(other, "other") instanceof DiskPath that)
                || that.fileSystem != fileSystem) {
            return false;
        }
        if (that.isAbsolute()) {
            return text.equals(that.text);
        }
        int count = getNameCount();
        int skipped = count - that.getNameCount();
        return skipped >= 0
                && Arrays.equals(names(), skipped, count, that.names(), 0, count - skipped);
    }

    @Override
    public DiskPath normalize() {
        List<String> kept = new ArrayList<>();
        for (String name : parts()) {
            boolean canGoUp = !kept.isEmpty() && !kept.getLast().equals("..");
            if (name.equals("..")) {
                if (canGoUp) {
                    kept.removeLast();
                } else if (!isAbsolute()) {
                    kept.add(name);
                }
            } else if (!name.equals(".")) {
                kept.add(name);
            }
        }
        return kept.size() == parts().size() ? this : of(isAbsolute(), kept);
    }

    @Override
    public DiskPath resolve(Path other) {
        DiskPath that = cast(other);
        if (that.isAbsolute() || isEmpty()) {
            return that;
        }
        if (that.isEmpty()) {
            return this;
        }
        return of(text.endsWith("/") ? text + that.text : text + "/" + that.text);
    }

    @Override
    public DiskPath relativize(Path other) {
        DiskPath that = cast(other);
        if (that.equals(this)) {
            return of("");
        }
        if (that.isAbsolute() != isAbsolute()) {
            throw new IllegalArgumentException(
                    "One path is absolute and the other is not: path="
                            + text
                            + " other="
                            + that.text
                            + ". Make both absolute.");
        }
        if (isEmpty()) {
            return that;
        }
        boolean plain = !hasDots() && !that.hasDots();
        List<String> from = (plain ? this : normalize()).parts();
        List<String> to = (plain ? that : that.normalize()).parts();
        int common = 0;
        while (common < Math.min(from.size(), to.size())
                && from.get(common).equals(to.get(common))) {
            common++;
        }
        List<String> steps = new ArrayList<>();
        for (String name : from.subList(common, from.size())) {
            if (name.equals("..")) {
                throw new IllegalArgumentException(
                        "No relative path leads down again: path=" + text + " other=" + that.text);
            }
            steps.add("..");
        }
        steps.addAll(to.subList(common, to.size()));
        return of(false, steps);
    }

    private boolean hasDots() {
        return parts().contains(".") || parts().contains("..");
    }

    @Override
    public URI toUri() {
        try {
            String encoded = new URI(null, null, toAbsolutePath().text, null).toASCIIString();
            return URI.create(DiskFileSystemProvider.SCHEME + "://" + encoded);
        } catch (URISyntaxException e) {
            throw new AssertionError("An absolute path is always a URI's path: path=" + text, e);
        }
    }

    @Override
    public DiskPath toAbsolutePath() {
        if (isAbsolute()) {
            return this;
        }
        return of("/" + text);
    }

    /** The absolute path without {@code .} and {@code ..} of an existing file. */
    @Override
    public DiskPath toRealPath(LinkOption... options) throws IOException {
        fileSystem.provider().ensureExists(this);
        return toAbsolutePath().normalize();
    }

    @Override
    public WatchKey register(
            WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException(
                "A simulated disk cannot be watched: path="
                        + text
                        + ". List the directory instead.");
    }

    @Override
    public int compareTo(Path other) {
        return text.compareTo(((DiskPath) other).text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DiskPath that
                && that.fileSystem == fileSystem
                && that.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
