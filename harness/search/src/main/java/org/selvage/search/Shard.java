package org.selvage.search;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One of several machines that search together without talking to each other.
 *
 * @param index from 1
 * @param count how many there are, from 1 to 4096
 */
public record Shard(int index, int count) {
    /** The only one. */
    public static final Shard ONLY = new Shard(1, 1);

    private static final int MOST = 4096;
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,6})/([0-9]{1,6})");

    /** Variables of build servers: the index, the count, and where the index begins. */
    private record Variables(String index, String count, int first) {}

    private static final List<Variables> SERVERS =
            List.of(
                    new Variables("SELVAGE_SHARD_INDEX", "SELVAGE_SHARD_COUNT", 1),
                    new Variables("CI_NODE_INDEX", "CI_NODE_TOTAL", 1), // GitLab, Semaphore
                    new Variables("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0),
                    new Variables("BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0),
                    new Variables("TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", 0)); // Bazel

    /** Checks the ranges. */
    public Shard {
        if (count < 1 || count > MOST || index < 1 || index > count) {
            throw new IllegalArgumentException(
                    "there is no such shard: shard="
                            + index
                            + "/"
                            + count
                            + ", the first number is from 1 to the second, the second from 1 to "
                            + MOST);
        }
    }

    /**
     * Reads {@code 2/5}.
     *
     * @throws IllegalArgumentException with one clear line if it is none
     */
    public static Shard parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a shard is written as 2/5, the second of five: shard=" + text);
        }
        return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** The shard that the variables of a build server name, or {@link #ONLY}. */
    public static Shard of(Map<String, String> environment) {
        for (Variables server : SERVERS) {
            String index = environment.get(server.index());
            String count = environment.get(server.count());
            if (isNumber(index) && isNumber(count)) {
                return new Shard(
                        Integer.parseInt(index) + 1 - server.first(), Integer.parseInt(count));
            }
        }
        return ONLY;
    }

    private static boolean isNumber(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,6}");
    }

    @Override
    public String toString() {
        return index + "/" + count;
    }
}
