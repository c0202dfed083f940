package programs.wrong;

import java.util.AbstractMap;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import programs.Fails;
import programs.Tasks;

/**
 * Concurrent collections that variables of a more general type hold: their calls are operations,
 * too, between which another task may come.
 */
public final class AnyType {
    private final boolean[] acted = new boolean[2];

    private AnyType() {}

    /** Two tasks ask and then act, which only one of them may. */
    private static String onlyOneActs(BooleanSupplier asks, Runnable acts)
            throws InterruptedException {
        AnyType p = new AnyType();
        Tasks.run(() -> p.act(0, asks, acts), () -> p.act(1, asks, acts));
        Tasks.check(!(p.acted[0] && p.acted[1]), "both acted");
        return "";
    }

    private void act(int task, BooleanSupplier asks, Runnable acts) {
        if (asks.getAsBoolean()) {
            acts.run();
            acted[task] = true;
        }
    }

    public static String map() throws InterruptedException {
        Map<String, Integer> map = new ConcurrentHashMap<>();
        return onlyOneActs(() -> !map.containsKey("a"), () -> map.put("a", 1));
    }

    /** The call has more arguments than stay on the stack. */
    public static String mapMerges() throws InterruptedException {
        Map<String, Integer> map = new ConcurrentHashMap<>();
        return onlyOneActs(map::isEmpty, () -> map.merge("a", 1, Integer::sum));
    }

    public static String concurrentMap() throws InterruptedException {
        ConcurrentMap<String, Integer> map = new ConcurrentHashMap<>();
        return onlyOneActs(() -> map.get("a") == null, () -> map.put("a", 1));
    }

    public static String abstractMap() throws InterruptedException {
        AbstractMap<String, Integer> map = new ConcurrentSkipListMap<>();
        return onlyOneActs(map::isEmpty, () -> map.put("a", 1));
    }

    public static String navigableMap() throws InterruptedException {
        NavigableMap<Integer, Integer> map = new ConcurrentSkipListMap<>();
        return onlyOneActs(() -> map.floorKey(2) == null, () -> map.put(1, 1));
    }

    public static String queue() throws InterruptedException {
        Queue<Integer> queue = new ConcurrentLinkedQueue<>();
        return onlyOneActs(() -> queue.peek() == null, () -> queue.add(1));
    }

    /** The act is a method reference. */
    @Fails("java.util.NoSuchElementException")
    public static String queueRemoves() throws InterruptedException {
        Queue<Integer> queue = new ConcurrentLinkedQueue<>();
        queue.add(1);
        return onlyOneActs(() -> !queue.isEmpty(), queue::remove);
    }

    public static String deque() throws InterruptedException {
        Deque<Integer> deque = new ConcurrentLinkedDeque<>();
        return onlyOneActs(() -> deque.peekFirst() == null, () -> deque.addLast(1));
    }

    public static String collection() throws InterruptedException {
        Collection<Integer> collection = new ConcurrentLinkedQueue<>();
        return onlyOneActs(() -> !collection.contains(1), () -> collection.add(1));
    }

    public static String list() throws InterruptedException {
        List<Integer> list = new CopyOnWriteArrayList<>();
        return onlyOneActs(() -> list.size() == 0, () -> list.add(1));
    }

    public static String newKeySet() throws InterruptedException {
        Set<Integer> set = ConcurrentHashMap.newKeySet();
        return onlyOneActs(() -> !set.contains(1), () -> set.add(1));
    }

    public static String iterable() throws InterruptedException {
        Collection<Integer> values = new ConcurrentLinkedDeque<>();
        Iterable<Integer> elements = values;
        return onlyOneActs(() -> !elements.iterator().hasNext(), () -> values.add(1));
    }
}
