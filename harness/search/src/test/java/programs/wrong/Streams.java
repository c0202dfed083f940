package programs.wrong;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import programs.Tasks;

/** Parallel streams and fork-join tasks that share what they must not. */
public final class Streams {
    private static int total;

    private Streams() {}

    /** A counter that nothing guards. */
    public static String counter() {
        int[] sum = new int[1];
        IntStream.range(0, 4).parallel().forEach(x -> sum[0] += x);
        Tasks.check(sum[0] == 6, "sum=" + sum[0]);
        return "";
    }

    /** A static counter. */
    public static String staticCounter() {
        IntStream.range(0, 4).parallel().forEach(x -> total++);
        Tasks.check(total == 4, "total=" + total);
        return "";
    }

    /** An atomic counter that is read and then set. */
    public static String readThenSet() {
        AtomicInteger sum = new AtomicInteger();
        Arrays.asList(1, 2, 3).parallelStream().forEach(x -> sum.set(sum.get() + x));
        Tasks.check(sum.get() == 6, "sum=" + sum);
        return "";
    }

    /** A list of its own kind for one thread, filled by several. */
    public static String list() {
        GrowingList list = new GrowingList();
        IntStream.range(0, 4).parallel().forEach(list::add);
        Tasks.check(list.size == 4, "size=" + list.size);
        return "";
    }

    private static final class GrowingList {
        private int[] items = new int[2];
        private int size;

        void add(int item) {
            if (size == items.length) {
                items = Arrays.copyOf(items, size * 2);
            }
            items[size++] = item;
        }
    }

    /** The identity of a reduction that is changed, and so is no identity. */
    public static String mutableIdentity() {
        int[] result =
                IntStream.range(0, 4)
                        .parallel()
                        .boxed()
                        .reduce(
                                new int[1],
                                (sum, x) -> {
                                    sum[0] += x;
                                    return sum;
                                },
                                (a, b) -> a);
        Tasks.check(result[0] == 6, "sum=" + result[0]);
        return "";
    }

    /** Forks and forgets to join. */
    public static String forgottenJoin() {
        AtomicInteger done = new AtomicInteger();
        ForkJoinPool.commonPool()
                .invoke(
                        new RecursiveAction() {
                            private static final long serialVersionUID = 1L;

                            @Override
                            protected void compute() {
                                ForkJoinPool.commonPool().submit(done::incrementAndGet);
                            }
                        });
        Tasks.check(done.get() == 1, "not done");
        return "";
    }

    /** The order of side effects is taken for that of the elements. */
    public static String order() {
        StringBuffer text = new StringBuffer();
        IntStream.range(0, 3).parallel().forEach(text::append);
        Tasks.check(text.toString().equals("012"), text.toString());
        return "";
    }
}
