package programs.right;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import programs.Tasks;

/** Parallel streams whose functions share nothing, or share it rightly. */
public final class Streams {
    private Streams() {}

    /** Adds up. */
    public static String reduce() {
        int sum = IntStream.range(0, 8).parallel().map(x -> x + 1).reduce(0, Integer::sum);
        Tasks.check(sum == 36, "sum=" + sum);
        return "";
    }

    /** Keeps the order of what it came from. */
    public static String collect() {
        List<Integer> doubled =
                IntStream.range(0, 6).parallel().mapToObj(x -> x * 2).collect(Collectors.toList());
        Tasks.check(doubled.equals(List.of(0, 2, 4, 6, 8, 10)), "" + doubled);
        return "";
    }

    /** Into one map from several threads. */
    public static String groups() {
        Map<Integer, Long> groups =
                IntStream.range(0, 6)
                        .boxed()
                        .parallel()
                        .collect(
                                Collectors.groupingByConcurrent(x -> x % 2, Collectors.counting()));
        Tasks.check(groups.get(0) == 3 && groups.get(1) == 3, "" + groups);
        return "";
    }

    /** Each function adds to an atomic counter and an adder. */
    public static String atomicCounter() {
        AtomicInteger sum = new AtomicInteger();
        LongAdder adder = new LongAdder();
        IntStream.range(0, 4)
                .parallel()
                .forEach(x -> {
                    sum.addAndGet(x);
                    adder.add(x);
                });
        Tasks.check(sum.get() == 6 && adder.sum() == 6, "sum=" + sum + " adder=" + adder);
        return "";
    }

    /** Each function adds to a list that a monitor guards. */
    public static String synchronizedList() {
        List<Integer> list = Collections.synchronizedList(new ArrayList<>());
        IntStream.range(0, 4).parallel().forEach(list::add);
        list.sort(null);
        Tasks.check(list.equals(List.of(0, 1, 2, 3)), "" + list);
        return "";
    }

    /** Each function computes in a map. */
    public static String map() {
        ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();
        IntStream.range(0, 4).parallel().forEach(x -> map.merge(x % 2, x, Integer::sum));
        Tasks.check(map.get(0) == 2 && map.get(1) == 4, "" + map);
        return "";
    }

    /** Arrays in parallel. */
    public static String arrays() {
        int[] array = new int[8];
        Arrays.parallelSetAll(array, i -> 8 - i);
        Arrays.parallelPrefix(array, Integer::sum);
        Tasks.check(array[7] == 36, "prefix=" + array[7]);
        Arrays.parallelSort(array);
        Tasks.check(array[0] == 8, "sorted");
        return "";
    }

    /** In order, although in parallel. */
    public static String forEachOrdered() {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, 4).parallel().forEachOrdered(text::append);
        Tasks.check(text.toString().equals("0123"), text.toString());
        return "";
    }

    /** Ends as soon as one has an answer. */
    public static String shortCircuit() {
        Tasks.check(IntStream.range(0, 8).parallel().anyMatch(x -> x == 5), "five");
        Tasks.check(IntStream.range(0, 8).parallel().noneMatch(x -> x > 7), "no more");
        Tasks.check(IntStream.range(3, 8).parallel().findFirst().getAsInt() == 3, "first");
        Tasks.check(IntStream.range(0, 8).parallel().filter(x -> x > 3).limit(2).sum() == 9, "9");
        return "";
    }

    /** In a pool of the program's own. */
    public static String ownPool() throws Exception {
        try (ForkJoinPool pool = new ForkJoinPool(3)) {
            int sum = pool.submit(() -> IntStream.range(0, 8).parallel().sum()).get();
            Tasks.check(sum == 28, "sum=" + sum);
        }
        return "";
    }

    /** Several threads have streams at the same time. */
    public static String several() throws InterruptedException {
        Tasks.Body body = () -> Tasks.check(IntStream.range(0, 4).parallel().sum() == 6, "six");
        Tasks.run(body, body);
        return "";
    }

    /** A map's own parallel operations. */
    public static String bulkOperations() {
        ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();
        for (int i = 0; i < 4; i++) {
            map.put(i, i);
        }
        int sum = map.reduceValues(1, Integer::sum);
        AtomicInteger seen = new AtomicInteger();
        map.forEach(1, (k, v) -> seen.addAndGet(v));
        Tasks.check(sum == 6 && seen.get() == 6, "sum=" + sum + " seen=" + seen);
        Tasks.check(map.search(1, (k, v) -> v == 2 ? "x" : null).equals("x"), "found");
        return "";
    }
}
