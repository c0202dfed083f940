package programs.right;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import programs.Tasks;

/** Iterators, views, entries, wrappers and subclasses of concurrent collections, used rightly. */
public final class CollectionParts {
    private CollectionParts() {}

    /** An iterator of a list that is copied on write sees one state of it. */
    public static String snapshot() throws InterruptedException {
        List<Integer> list = new CopyOnWriteArrayList<>(List.of(1, 1));
        Tasks.run(
                () -> {
                    int sum = 0;
                    for (int element : list) {
                        sum += element;
                    }
                    Tasks.check(sum != 3, "one of two");
                },
                () -> list.replaceAll(element -> 2));
        return "";
    }

    /** An iteration meets what was there all the time once, and never fails. */
    private static String stays(Collection<Integer> elements) throws InterruptedException {
        elements.addAll(List.of(1, 2, 3));
        Tasks.run(
                () -> {
                    int seen = 0;
                    for (int element : elements) {
                        seen += element == 1 || element == 3 ? 1 : 0;
                    }
                    Tasks.check(seen == 2, "seen=" + seen);
                },
                () -> {
                    elements.remove(2);
                    elements.add(4);
                });
        return "";
    }

    public static String linkedQueue() throws InterruptedException {
        return stays(new ConcurrentLinkedQueue<>());
    }

    public static String linkedDeque() throws InterruptedException {
        return stays(new ConcurrentLinkedDeque<>());
    }

    public static String linkedBlockingQueue() throws InterruptedException {
        return stays(new LinkedBlockingQueue<>());
    }

    public static String linkedBlockingDeque() throws InterruptedException {
        return stays(new LinkedBlockingDeque<>());
    }

    public static String arrayBlockingQueue() throws InterruptedException {
        return stays(new ArrayBlockingQueue<>(4));
    }

    public static String transferQueue() throws InterruptedException {
        return stays(new LinkedTransferQueue<>());
    }

    public static String priorityQueue() throws InterruptedException {
        return stays(new PriorityBlockingQueue<>());
    }

    public static String skipListSet() throws InterruptedException {
        return stays(new ConcurrentSkipListSet<>());
    }

    public static String newKeySet() throws InterruptedException {
        return stays(ConcurrentHashMap.newKeySet());
    }

    public static String newSetFromMap() throws InterruptedException {
        return stays(Collections.newSetFromMap(new ConcurrentHashMap<>()));
    }

    /** To take by way of a wrapper is one step. */
    public static String lastInFirstOut() throws InterruptedException {
        Deque<Integer> deque = new ConcurrentLinkedDeque<>(List.of(1, 2));
        Queue<Integer> stack = Collections.asLifoQueue(deque);
        AtomicInteger sum = new AtomicInteger();
        Tasks.Body body = () -> sum.addAndGet(stack.poll());
        Tasks.run(body, body);
        Tasks.check(sum.get() == 3 && deque.isEmpty(), "sum=" + sum);
        return "";
    }

    /** One of two adds to a set, and one of two removes by way of a view. */
    public static String onceOnly() throws InterruptedException {
        Set<Integer> set = Collections.newSetFromMap(new ConcurrentHashMap<>());
        ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>(Map.of(1, 1));
        Set<Integer> keys = map.keySet();
        AtomicInteger added = new AtomicInteger();
        AtomicInteger removed = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    added.addAndGet(set.add(1) ? 1 : 0);
                    removed.addAndGet(keys.remove(1) ? 1 : 0);
                };
        Tasks.run(body, body);
        Tasks.check(added.get() == 1 && removed.get() == 1, added + " " + removed);
        return "";
    }

    /** Each sets values that nobody else sets. */
    public static String entries() throws InterruptedException {
        Map<Integer, Integer> map = new ConcurrentHashMap<>(Map.of(0, 0, 1, 0));
        Tasks.run(() -> setValues(map, 0), () -> setValues(map, 1));
        Tasks.check(map.get(0) == 1 && map.get(1) == 1, "" + map);
        return "";
    }

    private static void setValues(Map<Integer, Integer> map, int key) {
        for (Map.Entry<Integer, Integer> entry : map.entrySet()) {
            if (entry.getKey() == key) {
                entry.setValue(entry.getValue() + 1);
            }
        }
    }

    /** In order, however the map changes. */
    public static String ordered() throws InterruptedException {
        NavigableMap<Integer, Integer> map = new ConcurrentSkipListMap<>(Map.of(1, 1, 3, 3));
        Tasks.run(
                () -> {
                    int last = 9;
                    for (int key : map.descendingMap().keySet()) {
                        Tasks.check(key < last, key + " after " + last);
                        last = key;
                    }
                },
                () -> {
                    map.put(2, 2);
                    map.pollFirstEntry();
                });
        return "";
    }

    private static final class Counters extends ConcurrentHashMap<String, Integer> {
        private static final long serialVersionUID = 1L;

        void count(String key) {
            merge(key, 1, Integer::sum);
        }
    }

    /** By the class's own method, and by the interface. */
    public static String subclass() throws InterruptedException {
        Counters counters = new Counters();
        Map<String, Integer> map = counters;
        Tasks.run(() -> counters.count("a"), () -> map.merge("a", 1, Integer::sum));
        Tasks.check(map.get("a") == 2, "" + map);
        return "";
    }

    /** What was put before the element is seen by whoever meets that. */
    public static String published() throws InterruptedException {
        Map<Integer, int[]> map = new ConcurrentHashMap<>();
        Tasks.run(
                () -> {
                    int[] value = new int[1];
                    value[0] = 1;
                    map.put(1, value);
                },
                () -> {
                    for (int[] value : map.values()) {
                        Tasks.check(value[0] == 1, "not yet");
                    }
                    List<int[]> copy = new ArrayList<>(map.values());
                    Tasks.check(copy.isEmpty() || copy.getFirst()[0] == 1, "not yet");
                });
        return "";
    }

    /** To remove by an iterator what another one removes, too, does no harm. */
    public static String bothRemove() throws InterruptedException {
        Queue<Integer> queue = new ConcurrentLinkedQueue<>(List.of(1, 2));
        Tasks.Body body =
                () -> {
                    Iterator<Integer> all = queue.iterator();
                    while (all.hasNext()) {
                        if (all.next() == 1) {
                            all.remove();
                        }
                    }
                };
        Tasks.run(body, body);
        Tasks.check(queue.size() == 1, "" + queue);
        return "";
    }
}
