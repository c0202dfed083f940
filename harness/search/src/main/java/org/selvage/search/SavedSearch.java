package org.selvage.search;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a search has tried, as it lies in a file: for {@code --resume} and {@code merge}. Beside the
 * file lies one with the hashes of the traces and of the schedules. Both are replaced as a whole,
 * so that a full disk or a kill leaves the last complete ones.
 *
 * @param subject what was searched, and how, in one line without the shard
 * @param shard which part
 * @param executions how many executions there were
 * @param steps their operations
 * @param switches their context switches
 * @param schedules their distinct schedules
 * @param unknown how many were cut off
 * @param nanos how long they took
 * @param exhausted whether nothing is left to try
 * @param proven what this part has searched completely, or an empty string
 * @param found what was found, in one line, or an empty string
 * @param begun how many executions each lane has begun
 */
public record SavedSearch(
        String subject,
        Shard shard,
        long executions,
        long steps,
        long switches,
        long schedules,
        long unknown,
        long nanos,
        boolean exhausted,
        String proven,
        String found,
        List<Long> begun) {
    private static final String FIRST_LINE = "selvage-search 4";
    private static final String SUFFIX = ".traces";

    /** What was counted by hashes: traces, each with how often it was seen, and schedules. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Tables(TraceStatistics.Table traces, long[] schedules) {}

    private static final long MAGIC = 0x53454c5654524332L;
    private static final long MOST_BYTES = 1L << 20;

    /**
     * Writes the state of a search that runs or has ended.
     *
     * @throws IOException if the disk does not take it; what lay there before is still there
     */
    public static void write(ParallelSearch search, String subject, Path file) throws IOException {
        ParallelSearch.Snapshot snapshot = search.snapshot();
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path traces = sibling(file, SUFFIX);
        Path fresh = sibling(traces, ".new");
        Path text = sibling(file, ".new");
        try {
            write(fresh, snapshot.tables());
            Files.writeString(text, of(search, snapshot, subject).print());
            Files.move(fresh, traces, StandardCopyOption.REPLACE_EXISTING);
            Files.move(text, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            // What a full disk took of them would only be in the way.
            Files.deleteIfExists(fresh);
            Files.deleteIfExists(text);
        }
    }

    private static void write(Path file, Tables tables) throws IOException {
        TraceStatistics.Table table = tables.traces();
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeLong(MAGIC);
            out.writeInt(table.traces().length);
            for (int i = 0; i < table.traces().length; i++) {
                out.writeLong(table.traces()[i]);
                out.writeByte(table.counts()[i]);
            }
            out.writeInt(tables.schedules().length);
            for (long schedule : tables.schedules()) {
                out.writeLong(schedule);
            }
        }
    }

    private static SavedSearch of(
            ParallelSearch search, ParallelSearch.Snapshot snapshot, String subject) {
        Search.Result result = snapshot.result();
        String proven = result.proven();
        return new SavedSearch(
                subject,
                search.plan().shard(),
                result.executions(),
                result.steps(),
                result.switches(),
                result.schedules(),
                result.unknown(),
                result.nanos(),
                result.exhausted(),
                proven == null ? "" : proven.replaceFirst("^shard [0-9/]+ of ", ""),
                result.failure() == null ? "" : result.failure().signature().toString(),
                snapshot.begun());
    }

    private static Path sibling(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private String print() {
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        text.append("subject ").append(subject).append('\n');
        text.append("shard ").append(shard).append('\n');
        text.append("executions ").append(executions).append('\n');
        text.append("steps ").append(steps).append('\n');
        text.append("switches ").append(switches).append('\n');
        text.append("schedules ").append(schedules).append('\n');
        text.append("unknown ").append(unknown).append('\n');
        text.append("nanos ").append(nanos).append('\n');
        text.append("exhausted ").append(exhausted).append('\n');
        text.append("proven ").append(proven).append('\n');
        text.append("found ").append(found.replace('\n', ' ')).append('\n');
        text.append("begun");
        begun.forEach(count -> text.append(' ').append(count));
        return text.append("\nend\n").toString();
    }

    /**
     * Reads one.
     *
     * @throws IOException with one clear line if there is none or it cannot be read
     */
    public static SavedSearch read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no search to go on with: file=" + file);
        }
        if (Files.size(file) > MOST_BYTES) {
            throw bad(file, "it is too long");
        }
        List<String> lines;
        try {
            lines = Files.readString(file, StandardCharsets.UTF_8).lines().toList();
        } catch (java.nio.charset.CharacterCodingException e) {
            throw bad(file, "it is not text");
        } catch (FileSystemException e) {
            // Its message is no more than the file's name.
            throw new IOException("the search cannot be read: cause=" + e, e);
        }
        if (lines.isEmpty() || !lines.getFirst().equals(FIRST_LINE)) {
            throw bad(file, "it does not begin with \"" + FIRST_LINE + "\"");
        }
        if (!lines.getLast().equals("end")) {
            throw bad(file, "its end is missing");
        }
        Map<String, String> values = new TreeMap<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            int space = line.indexOf(' ');
            values.put(
                    space < 0 ? line : line.substring(0, space),
                    space < 0 ? "" : line.substring(space + 1));
        }
        try {
            List<Long> begun = new ArrayList<>();
            for (String count : value(values, "begun").split(" ", -1)) {
                begun.add(Long.parseLong(count));
            }
            return new SavedSearch(
                    value(values, "subject"),
                    Shard.parse(value(values, "shard")),
                    number(values, "executions"),
                    number(values, "steps"),
                    number(values, "switches"),
                    number(values, "schedules"),
                    number(values, "unknown"),
                    number(values, "nanos"),
                    value(values, "exhausted").equals("true"),
                    value(values, "proven"),
                    value(values, "found"),
                    List.copyOf(begun));
        } catch (IllegalArgumentException e) {
            throw bad(file, String.valueOf(e.getMessage()));
        }
    }

    private static IOException bad(Path file, String why) {
        return new IOException("this is no saved search: file=" + file + " reason=" + why);
    }

    private static String value(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("a line is missing: " + key);
        }
        return value;
    }

    private static long number(Map<String, String> values, String key) {
        long number = Long.parseLong(value(values, key));
        if (number < 0) {
            throw new IllegalArgumentException(key + "=" + number);
        }
        return number;
    }

    /**
     * Lets a search go on where this one ended.
     *
     * @throws IOException with one clear line if the two are not the same search
     */
    public void resume(ParallelSearch search, Path file, String wanted) throws IOException {
        if (!subject.equals(wanted) || !shard.equals(search.plan().shard())) {
            throw new IOException(
                    "the saved search is another one: file="
                            + file
                            + " saved=\""
                            + subject
                            + " shard="
                            + shard
                            + "\" wanted=\""
                            + wanted
                            + " shard="
                            + search.plan().shard()
                            + "\"; leave --resume out to start over");
        }
        if (Strategies.isSystematic(search.plan().strategy())) {
            throw new IOException(
                    "a systematic search cannot be resumed, only repeated: strategy="
                            + search.plan().strategy());
        }
        if (begun.size() != search.mostWorkers()) {
            throw bad(file, "lanes=" + begun.size());
        }
        search.resume(this, tables(file));
    }

    private static Tables tables(Path file) throws IOException {
        Path traces = sibling(file, SUFFIX);
        if (!Files.isRegularFile(traces)) {
            throw new IOException("the traces of the saved search are missing: file=" + traces);
        }
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(traces)))) {
            long magic = in.readLong();
            if (magic != MAGIC) {
                throw bad(traces, "its first bytes are others");
            }
            int count = length(in, Search.Result.MOST_TRACES, traces);
            long[] hashes = new long[count];
            byte[] counts = new byte[count];
            for (int i = 0; i < count; i++) {
                hashes[i] = in.readLong();
                counts[i] = (byte) Math.max(1, Math.min(3, in.readByte()));
            }
            long[] schedules = new long[length(in, Search.Result.MOST_SCHEDULES, traces)];
            for (int i = 0; i < schedules.length; i++) {
                schedules[i] = in.readLong();
            }
            return new Tables(new TraceStatistics.Table(hashes, counts), schedules);
        } catch (java.io.EOFException e) {
            throw bad(traces, "its end is missing");
        }
    }

    private static int length(DataInputStream in, int most, Path file) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > most) {
            throw bad(file, "entries=" + length);
        }
        return length;
    }

    /**
     * What several shards of one search have tried together.
     *
     * @param shards how many there are of how many
     * @param result the sum; proven only if every shard is there and is complete
     * @param found what some shard has found, in one line, or an empty string
     */
    public record Merged(String subject, String shards, Search.Result result, String found) {}

    /**
     * Merges shards.
     *
     * @throws IOException with one clear line if they are not different shards of one search
     */
    public static Merged merge(List<Path> files) throws IOException {
        Tally tally = new Tally();
        SavedSearch first = null;
        Map<Integer, Path> seen = new TreeMap<>();
        boolean complete = true;
        String found = "";
        String proven = null;
        for (Path file : files) {
            SavedSearch next = read(file);
            if (first == null) {
                first = next;
                proven = next.proven();
            }
            proven = ParallelSearch.weaker(proven, next.proven());
            check(first, next, file, seen.put(next.shard().index(), file));
            tally.add(next, tables(file));
            complete &= next.exhausted() && !next.proven().isEmpty();
            found = found.isEmpty() ? next.found() : found;
        }
        if (first == null) {
            throw new IOException("there is nothing to merge: name the shards' files");
        }
        int count = first.shard().count();
        complete &= seen.size() == count;
        Search.Result sum = tally.result(null, complete, -1L, complete ? proven : null, Double.NaN);
        return new Merged(first.subject(), seen.size() + " of " + count, sum, found);
    }

    private static void check(SavedSearch first, SavedSearch next, Path file, @Nullable Path same)
            throws IOException {
        if (!next.subject().equals(first.subject())
                || next.shard().count() != first.shard().count()) {
            throw new IOException(
                    "the shards are of different searches: file="
                            + file
                            + " saved=\""
                            + next.subject()
                            + " shard="
                            + next.shard()
                            + "\" first=\""
                            + first.subject()
                            + " shard="
                            + first.shard()
                            + "\"");
        }
        if (same != null) {
            throw new IOException(
                    "two files are of one shard: shard="
                            + next.shard()
                            + " file="
                            + file
                            + " other="
                            + same);
        }
    }
}
