package programs.right;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import programs.Tasks;

/** Methods of the JDK that go through arrays, which tasks share as they should. */
public final class ArrayRanges {
    private enum Colour {
        RED,
        BLUE
    }

    private ArrayRanges() {}

    /** A copy under the lock of the writers is whole. */
    public static String copyUnderLock() throws InterruptedException {
        int[] pair = {1, 1};
        Tasks.run(
                () -> {
                    synchronized (pair) {
                        pair[0] = 2;
                        pair[1] = 2;
                    }
                },
                () -> {
                    int[] copy = new int[2];
                    synchronized (pair) {
                        System.arraycopy(pair, 0, copy, 0, 2);
                    }
                    Tasks.check(copy[0] == copy[1], "torn");
                },
                () -> {
                    int[] copy;
                    synchronized (pair) {
                        copy = pair.clone();
                    }
                    Tasks.check(Arrays.equals(copy, new int[] {copy[0], copy[0]}), "torn");
                });
        return "";
    }

    /** Readers share, a writer fills and sorts alone. */
    public static String readersAndWriter() throws InterruptedException {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        int[] numbers = {2, 2, 2};
        Tasks.Body reader =
                () -> {
                    lock.readLock().lock();
                    try {
                        int[] copy = Arrays.copyOf(numbers, 3);
                        Tasks.check(copy[0] == copy[2], "torn");
                        Tasks.check(Arrays.hashCode(numbers) == Arrays.hashCode(copy), "torn");
                    } finally {
                        lock.readLock().unlock();
                    }
                };
        Tasks.run(
                reader,
                reader,
                () -> {
                    lock.writeLock().lock();
                    try {
                        Arrays.setAll(numbers, i -> i == 0 ? 1 : numbers[i - 1] + 1);
                        Arrays.sort(numbers);
                        Tasks.check(numbers[2] == 3, "not sorted");
                        Arrays.fill(numbers, 5);
                    } finally {
                        lock.writeLock().unlock();
                    }
                });
        return "";
    }

    /** Copied on write: who has an array reads what never changes. */
    public static String copyOnWrite() throws InterruptedException {
        AtomicReference<String[]> current = new AtomicReference<>(new String[0]);
        Tasks.Body add =
                () -> {
                    String[] old;
                    String[] next;
                    do {
                        old = current.get();
                        next = Arrays.copyOf(old, old.length + 1);
                        Arrays.fill(next, old.length, next.length, "x");
                    } while (!current.compareAndSet(old, next));
                };
        Tasks.run(add, add, () -> Tasks.check(!Arrays.asList(current.get()).contains(null), ""));
        Tasks.check(current.get().length == 2, "lost");
        return "";
    }

    /** Each task copies into a part of its own. */
    public static String partPerTask() throws InterruptedException {
        int[] shared = new int[300];
        int[] source = new int[150];
        Arrays.fill(source, 1);
        Tasks.run(
                () -> System.arraycopy(source, 0, shared, 0, 150),
                () -> System.arraycopy(source, 0, shared, 150, 150));
        Tasks.check(Arrays.stream(shared).sum() == 300, "lost");
        return "";
    }

    /** An array that is handed over through a queue is its taker's. */
    public static String handedOver() throws InterruptedException {
        ConcurrentLinkedQueue<char[]> queue = new ConcurrentLinkedQueue<>();
        Tasks.run(
                () -> {
                    char[] word = new char[100];
                    Arrays.fill(word, 'x');
                    queue.add(word);
                },
                () -> {
                    char[] word = queue.poll();
                    if (word != null) {
                        Tasks.check(String.valueOf(word).equals("x".repeat(100)), "half full");
                        Tasks.check(new String(word, 99, 1).equals("x"), "half full");
                        Arrays.fill(word, 'y');
                    }
                });
        return "";
    }

    /** Elements that race, and methods that meet none of them. */
    public static String otherElements() throws InterruptedException {
        int[] numbers = new int[4];
        Tasks.run(
                () -> numbers[0]++,
                () -> numbers[0] = 7,
                () -> {
                    Arrays.fill(numbers, 1, 4, 3);
                    System.arraycopy(numbers, 1, numbers, 2, 2);
                    Tasks.check(Arrays.equals(numbers, 1, 4, new int[] {3, 3, 3}, 0, 3), "");
                });
        return "";
    }

    /** Methods do what they do without a search, also on an array whose elements race. */
    public static String sameResults() throws InterruptedException {
        int[] raced = new int[6];
        Tasks.run(() -> raced[0] = 1, () -> raced[0] = 1, () -> work(raced));
        return "";
    }

    private static void work(int[] raced) {
        raced[0] = 9;
        int[] numbers = raced;
        Arrays.fill(numbers, 0);
        for (int i = 1; i < 6; i++) {
            numbers[i] = 6 - i;
        }
        System.arraycopy(numbers, 1, numbers, 2, 4);
        System.arraycopy(numbers, 3, numbers, 2, 3);
        Arrays.sort(numbers, 1, 6);
        Tasks.check(Arrays.toString(numbers).endsWith(", 2, 2, 3, 4, 5]"), "results");
        Tasks.check(Arrays.binarySearch(numbers, 1, 6, 4) == 4, "search");
        Arrays.parallelPrefix(numbers, 1, 6, Integer::sum);
        Tasks.check(numbers[5] == 16 && numbers[1] == 2, "prefix");
        Tasks.check(Arrays.copyOfRange(numbers, 4, 8)[3] == 0, "range");
        Tasks.check(Arrays.mismatch(numbers, 1, 6, numbers, 1, 6) < 0, "mismatch");
        Tasks.check(Arrays.compare(numbers, 1, 2, new int[] {2}, 0, 1) == 0, "compare");
    }

    /** Failures are those of the JDK. */
    public static String failures() throws InterruptedException {
        Object[] texts = {"a", "b", 3};
        String[] copy = new String[3];
        fails(ArrayStoreException.class, () -> System.arraycopy(texts, 0, copy, 0, 3));
        Tasks.check(copy[1].equals("b") && copy[2] == null, "as far as it goes");
        fails(ArrayStoreException.class, () -> System.arraycopy(texts, 0, new int[3], 0, 3));
        fails(ArrayStoreException.class, () -> System.arraycopy("text", 0, copy, 0, 1));
        fails(IndexOutOfBoundsException.class, () -> System.arraycopy(texts, 1, copy, 0, 3));
        fails(IndexOutOfBoundsException.class, () -> System.arraycopy(texts, 0, copy, -1, 1));
        fails(NullPointerException.class, () -> System.arraycopy(null, 0, copy, 0, 1));
        fails(NullPointerException.class, () -> Arrays.fill((int[]) null, 1));
        fails(IllegalArgumentException.class, () -> Arrays.sort(texts, 2, 1));
        fails(IndexOutOfBoundsException.class, () -> Arrays.fill(texts, 0, 4, ""));
        fails(IndexOutOfBoundsException.class, () -> new String(new char[2], 1, 2).length());
        Tasks.check(Arrays.equals((int[]) null, null), "two nulls");
        return "";
    }

    private static void fails(Class<?> failure, Tasks.Body body) {
        try {
            body.run();
        } catch (Exception e) {
            Tasks.check(failure.isInstance(e), "" + e);
            return;
        }
        throw new AssertionError(failure.getName());
    }

    /** By references to methods, and constants of an enum. */
    public static String references() throws InterruptedException {
        UnaryOperator<int[]> clone = int[]::clone;
        int[] pair = {1, 2};
        byte[] bytes = "text".getBytes(StandardCharsets.UTF_8);
        Tasks.Body body =
                () -> {
                    Tasks.check(clone.apply(pair)[1] == 2, "clone");
                    Tasks.check(Stream.of(pair).map(Arrays::hashCode).count() == 1, "hash");
                    Tasks.check(new String(bytes, StandardCharsets.UTF_8).equals("text"), "text");
                    Tasks.check(new String(bytes, 1, 2).equals("ex"), "part");
                    Tasks.check(Colour.values().length == 2, "values");
                };
        Tasks.run(body, body);
        return "";
    }
}
