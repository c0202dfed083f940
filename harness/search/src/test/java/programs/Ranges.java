package programs;

import java.util.Arrays;

/** Two threads, one of which calls a method of the JDK that goes through an array. */
public final class Ranges {
    private Ranges() {}

    public static String copyAndTwoWrites() throws InterruptedException {
        int[] pair = {1, 1};
        int[] copy = new int[2];
        Tasks.run(
                () -> System.arraycopy(pair, 0, copy, 0, 2),
                () -> {
                    pair[0] = 2;
                    pair[1] = 2;
                });
        return Arrays.toString(copy);
    }

    public static String fillAndRead() throws InterruptedException {
        long[] pair = new long[2];
        long[] seen = new long[2];
        Tasks.run(
                () -> Arrays.fill(pair, 1),
                () -> {
                    seen[0] = pair[0];
                    seen[1] = pair[1];
                });
        return Arrays.toString(seen);
    }

    public static String copyAcross() throws InterruptedException {
        String[] a = {"a", "b"};
        String[] b = {"c", "d"};
        Tasks.run(() -> System.arraycopy(a, 0, b, 0, 2), () -> System.arraycopy(b, 0, a, 0, 2));
        return Arrays.toString(a) + Arrays.toString(b);
    }

    public static String moveAndSum() throws InterruptedException {
        int[] slots = {1, 2, 4};
        int[] sum = new int[1];
        Tasks.run(
                () -> System.arraycopy(slots, 0, slots, 1, 2),
                () -> sum[0] = slots[0] + slots[1] + slots[2]);
        return sum[0] + Arrays.toString(slots);
    }

    public static String sortAndSwap() throws InterruptedException {
        char[] word = {'c', 'a'};
        Tasks.run(
                () -> Arrays.sort(word),
                () -> {
                    word[0] = 'x';
                    word[1] = 'b';
                });
        return String.valueOf(word);
    }

    /** Each element stands for a run of three. */
    public static String longFills() throws InterruptedException {
        byte[] bytes = new byte[190];
        Tasks.run(
                () -> Arrays.fill(bytes, 60, 190, (byte) 1),
                () -> bytes[187] = 2,
                () -> bytes[61] = 3);
        return bytes[187] + " " + bytes[61];
    }

    public static String setAllAndClone() throws InterruptedException {
        int[] pair = {5, 5};
        int[][] seen = new int[1][];
        Tasks.run(() -> Arrays.setAll(pair, i -> i), () -> seen[0] = pair.clone());
        return Arrays.toString(seen[0]);
    }
}
