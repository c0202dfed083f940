package programs.wrong;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import programs.Tasks;

/** Arrays that one task changes while a method of the JDK goes through them for another. */
public final class ArrayRanges {
    private ArrayRanges() {}

    private interface Copy {
        int[] of(int[] pair);
    }

    /** Two equal elements, which one task changes one after the other: a copy has them equal. */
    private static String tears(Copy copy) throws InterruptedException {
        int[] pair = {1, 1};
        Tasks.run(
                () -> {
                    pair[0] = 2;
                    pair[1] = 2;
                },
                () -> {
                    int[] seen = copy.of(pair);
                    Tasks.check(seen[0] == seen[1], "torn");
                });
        return "";
    }

    /** A copy made by {@code System.arraycopy}. */
    public static String arraycopy() throws InterruptedException {
        return tears(pair -> {
            int[] copy = new int[2];
            System.arraycopy(pair, 0, copy, 0, 2);
            return copy;
        });
    }

    /** A clone. */
    public static String cloneOf() throws InterruptedException {
        return tears(int[]::clone);
    }

    /** A copy made by {@code Arrays}. */
    public static String copyOf() throws InterruptedException {
        return tears(pair -> Arrays.copyOf(pair, 2));
    }

    /** A copy of a range. */
    public static String copyOfRange() throws InterruptedException {
        return tears(pair -> Arrays.copyOfRange(pair, 0, 2));
    }

    /** Written by {@code System.arraycopy}, seen half written. */
    public static String copiedOver() throws InterruptedException {
        long[] pair = {1, 1};
        Tasks.run(
                () -> System.arraycopy(new long[] {2, 2}, 0, pair, 0, 2),
                () -> {
                    long second = pair[1];
                    long first = pair[0];
                    Tasks.check(first == 1 || second == 2, "half written");
                });
        return "";
    }

    /** Filled, seen half full. */
    public static String fill() throws InterruptedException {
        byte[] bytes = new byte[3];
        Tasks.run(
                () -> Arrays.fill(bytes, 1, 3, (byte) 1),
                () -> {
                    int first = bytes[1];
                    int second = bytes[2];
                    Tasks.check(first == second, "half full");
                });
        return "";
    }

    /** Two copies into one array: it gets a half of each. */
    public static String twoCopies() throws InterruptedException {
        String[] pair = new String[2];
        Tasks.run(
                () -> System.arraycopy(new String[] {"a", "a"}, 0, pair, 0, 2),
                () -> System.arraycopy(new String[] {"b", "b"}, 0, pair, 0, 2));
        Tasks.check(pair[0].equals(pair[1]), "mixed");
        return "";
    }

    /** An element that moves within the array is lost in a sum. */
    public static String moveWithin() throws InterruptedException {
        int[] slots = {0, 7, 0};
        Tasks.run(
                () -> {
                    System.arraycopy(slots, 1, slots, 0, 2);
                },
                () -> Tasks.check(slots[0] + slots[1] == 7, "not there, or twice"));
        return "";
    }

    /** Sorted while another task exchanges two elements. */
    public static String sort() throws InterruptedException {
        int[] numbers = {3, 1, 2};
        Tasks.run(
                () -> Arrays.sort(numbers),
                () -> {
                    int first = numbers[0];
                    numbers[0] = numbers[1];
                    numbers[1] = first;
                });
        Tasks.check(Arrays.stream(numbers).sum() == 6, "an element is lost");
        return "";
    }

    /** Compared with what it never was. */
    public static String equalsOf() throws InterruptedException {
        char[] word = {'a', 'a'};
        Tasks.run(
                () -> {
                    word[0] = 'b';
                    word[1] = 'b';
                },
                () -> Tasks.check(!Arrays.equals(word, new char[] {'b', 'a'}), "half changed"));
        return "";
    }

    /** A hash code that is none of the array's before and after. */
    public static String hashCodeOf() throws InterruptedException {
        int[] pair = {1, 1};
        int before = Arrays.hashCode(pair);
        int after = Arrays.hashCode(new int[] {2, 2});
        Tasks.run(
                () -> {
                    pair[0] = 2;
                    pair[1] = 2;
                },
                () -> {
                    int seen = Arrays.hashCode(pair);
                    Tasks.check(seen == before || seen == after, "half changed");
                });
        return "";
    }

    /** Characters of a text. */
    public static String textOfCharacters() throws InterruptedException {
        char[] word = {'n', 'o'};
        Tasks.run(
                () -> {
                    word[0] = 'g';
                    word[1] = 'e';
                },
                () -> Tasks.check(!String.valueOf(word).equals("go"), "half changed"));
        return "";
    }

    /** Bytes of a text. */
    public static String textOfBytes() throws InterruptedException {
        byte[] word = {'-', 'n', 'o'};
        Tasks.run(
                () -> {
                    word[1] = 'g';
                    word[2] = 'e';
                },
                () -> Tasks.check(!new String(word, 1, 2).equals("go"), "half changed"),
                () -> {
                    String text = new String(word, StandardCharsets.US_ASCII);
                    Tasks.check(!text.equals("-go"), "half changed");
                });
        return "";
    }

    /** A stream of what another task is about to write. */
    public static String stream() throws InterruptedException {
        int[] numbers = new int[1];
        Tasks.run(
                () -> {
                    numbers[0] = 1;
                    numbers[0] = 2;
                },
                () -> Tasks.check(Arrays.stream(numbers).sum() != 1, "half written"));
        return "";
    }

    /** More elements than a copy has operations. */
    public static String longCopy() throws InterruptedException {
        int[] shared = new int[1_000];
        Tasks.run(
                () -> System.arraycopy(IntStream.range(1, 1_001).toArray(), 0, shared, 0, 1_000),
                () -> {
                    int[] copy = shared.clone();
                    Tasks.check((copy[3] == 0) == (copy[900] == 0), "torn");
                });
        return "";
    }
}
