package org.selvage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder of the machine and one of a simulated disk, to which the same is done. */
final class Twins implements AutoCloseable {
    private static final int LOG_LENGTH = 40;

    private final String name;
    private final Path real;
    private final Path simulated;
    private final List<Open> channels = new ArrayList<>();
    private final Deque<String> log = new ArrayDeque<>();

    Twins(String name, Path real, Path simulated) {
        this.name = name;
        this.real = real;
        this.simulated = simulated;
    }

    /** The same file or directory, open in both. */
    record Open(FileChannel real, FileChannel simulated) implements Closeable {
        @Override
        public void close() throws IOException {
            real.close();
            simulated.close();
        }
    }

    /** Opens the same file beside both folders, to which no other action leads. */
    Open beside(String file, OpenOption... options) throws IOException {
        return new Open(
                FileChannel.open(real.resolveSibling(file), options),
                FileChannel.open(simulated.resolveSibling(file), options));
    }

    /** Something done below a folder; the result is compared by {@code equals}, or as bytes. */
    interface Action {
        @Nullable Object run(Path root) throws IOException;
    }

    interface ChannelAction {
        @Nullable Object run(FileChannel channel) throws IOException;
    }

    interface Opening {
        FileChannel run(Path root) throws IOException;
    }

    List<Open> channels() {
        return channels;
    }

    /**
     * Runs an action in both folders and fails unless they give the same result or the same
     * failure.
     */
    void both(String what, Action action) {
        note(what);
        compare(
                what,
                outcome(real, () -> action.run(real)),
                outcome(simulated, () -> action.run(simulated)));
    }

    void both(String what, Open open, ChannelAction action) {
        note(what);
        compare(
                what,
                outcome(real, () -> action.run(open.real())),
                outcome(simulated, () -> action.run(open.simulated())));
    }

    /** Opens a file in both. */
    void open(String what, Opening opening) {
        FileChannel[] opened = new FileChannel[2];
        both(
                what,
                root -> {
                    opened[root.equals(real) ? 0 : 1] = opening.run(root);
                    return "open";
                });
        if (opened[0] != null && opened[1] != null) {
            channels.add(new Open(opened[0], opened[1]));
        }
    }

    private void note(String what) {
        log.addLast(what);
        if (log.size() > LOG_LENGTH) {
            log.removeFirst();
        }
    }

    private void compare(String what, String expected, String actual) {
        if (!expected.equals(actual)) {
            fail(
                    "%s: %s%n  real      %s%n  simulated %s%n  after:%n    %s",
                    name, what, expected, actual, String.join("\n    ", log));
        }
    }

    private interface Run {
        @Nullable Object run() throws IOException;
    }

    private static String outcome(Path root, Run run) {
        try {
            Object result = run.run();
            return result instanceof byte[] bytes
                    ? "bytes " + bytes.length + " " + Arrays.hashCode(bytes)
                    : Objects.toString(result);
        } catch (FileSystemException e) {
            return e.getClass().getSimpleName()
                    + "["
                    + below(root, e.getFile())
                    + ", "
                    + below(root, e.getOtherFile())
                    + ", "
                    + e.getReason()
                    + "]";
        } catch (IOException | RuntimeException e) {
            return e.getClass().getName();
        }
    }

    private static @Nullable String below(Path root, @Nullable String path) {
        return path == null ? null : path.replace(root.toString(), "ROOT");
    }

    /**
     * Fails unless both folders hold the same names and bytes, and open channels the same state.
     */
    void compareAll() throws IOException {
        assertThat(contents(simulated))
                .as("%s: names, after%n%s", name, log)
                .isEqualTo(contents(real));
        for (Open open : channels) {
            if (open.real().isOpen()) {
                assertThat(open.simulated().isOpen()).isTrue();
                both("final position", open, FileChannel::position);
            } else {
                assertThat(open.simulated().isOpen()).isFalse();
            }
        }
    }

    static SortedMap<String, String> contents(Path root) throws IOException {
        SortedMap<String, String> contents = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.toList()) {
                contents.put(
                        root.relativize(path).toString(),
                        Files.isDirectory(path)
                                ? "directory"
                                : outcome(root, () -> Files.readAllBytes(path)));
            }
        }
        return contents;
    }

    /** Bytes that differ from call to call, as a fresh buffer. */
    static ByteBuffer bytes(int seed, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (seed * 31 + i * 7 + (i >> 8));
        }
        return ByteBuffer.wrap(bytes);
    }

    @Override
    public void close() throws IOException {
        for (Open open : channels) {
            open.close();
        }
    }
}
