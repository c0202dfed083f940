package programs.wrong;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import programs.Fails;
import programs.Tasks;

/**
 * Concurrent collections by way of iterators, views, entries, wrappers and subclasses: each step of
 * such a walk is an operation on the collection, and another task may come between two of them.
 */
public final class CollectionParts {
    private CollectionParts() {}

    /** Two tasks do what only one of them may succeed with. */
    private static String onlyOne(BooleanSupplier body) throws InterruptedException {
        boolean[] done = new boolean[2];
        Tasks.run(() -> done[0] = body.getAsBoolean(), () -> done[1] = body.getAsBoolean());
        Tasks.check(!(done[0] && done[1]), "both did");
        return "";
    }

    /** Walks over 1 and 1, of which another task makes 2 and 2 in one step. */
    private static String allOrNothing(Map<String, Integer> map, Iterable<Integer> elements)
            throws InterruptedException {
        map.put("a", 1);
        map.put("b", 1);
        Tasks.run(
                () -> {
                    int sum = 0;
                    for (int element : elements) {
                        sum += element;
                    }
                    Tasks.check(sum != 3, "one of two");
                },
                () -> map.replaceAll((key, value) -> 2));
        return "";
    }

    /** An iteration is no snapshot. */
    public static String values() throws InterruptedException {
        Map<String, Integer> map = new ConcurrentHashMap<>();
        return allOrNothing(map, map.values());
    }

    public static String enumeration() throws InterruptedException {
        ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
        return allOrNothing(map, () -> map.elements().asIterator());
    }

    public static String unmodifiable() throws InterruptedException {
        Map<String, Integer> map = new ConcurrentHashMap<>();
        return allOrNothing(map, Collections.unmodifiableMap(map).values());
    }

    public static String subMap() throws InterruptedException {
        NavigableMap<String, Integer> map = new ConcurrentSkipListMap<>();
        return allOrNothing(map, map.subMap("a", true, "b", true).values());
    }

    public static String descendingMap() throws InterruptedException {
        NavigableMap<String, Integer> map = new ConcurrentSkipListMap<>();
        return allOrNothing(map, map.descendingMap().values());
    }

    /** The value was another one by the time the mapping is removed. */
    public static String iteratorRemoves() throws InterruptedException {
        Map<String, Integer> map = new ConcurrentHashMap<>(Map.of("a", 1));
        Tasks.run(
                () -> {
                    Iterator<Map.Entry<String, Integer>> all = map.entrySet().iterator();
                    if (all.next().getValue() == 1) {
                        all.remove();
                    }
                },
                () -> map.put("a", 2));
        Tasks.check(map.containsKey("a"), "removed what another one put");
        return "";
    }

    /** To read a value and then set it is two steps. */
    public static String entrySetsValue() throws InterruptedException {
        Map<String, Integer> map = new ConcurrentHashMap<>(Map.of("a", 0));
        Tasks.Body body =
                () -> {
                    for (Map.Entry<String, Integer> entry : map.entrySet()) {
                        entry.setValue(entry.getValue() + 1);
                    }
                };
        Tasks.run(body, body);
        Tasks.check(map.get("a") == 2, "lost");
        return "";
    }

    /** Both take the element that the iterator has found. */
    private static String taken(Collection<Integer> elements) throws InterruptedException {
        elements.add(1);
        return onlyOne(() -> {
            Iterator<Integer> all = elements.iterator();
            if (!all.hasNext()) {
                return false;
            }
            all.next();
            all.remove();
            return true;
        });
    }

    public static String linkedQueue() throws InterruptedException {
        return taken(new ConcurrentLinkedQueue<>());
    }

    public static String linkedDeque() throws InterruptedException {
        return taken(new ConcurrentLinkedDeque<>());
    }

    public static String blockingQueue() throws InterruptedException {
        return taken(new LinkedBlockingQueue<>());
    }

    public static String skipListSet() throws InterruptedException {
        return taken(new ConcurrentSkipListSet<>());
    }

    public static String newKeySet() throws InterruptedException {
        return taken(ConcurrentHashMap.newKeySet());
    }

    public static String newSetFromMap() throws InterruptedException {
        return taken(Collections.newSetFromMap(new ConcurrentHashMap<>()));
    }

    public static String lastInFirstOut() throws InterruptedException {
        return taken(Collections.asLifoQueue(new ConcurrentLinkedDeque<>()));
    }

    public static String reversed() throws InterruptedException {
        Deque<Integer> deque = new ConcurrentLinkedDeque<>();
        return taken(deque.reversed());
    }

    public static String addedToSetOfMap() throws InterruptedException {
        Set<Integer> set = Collections.newSetFromMap(new ConcurrentHashMap<>());
        return onlyOne(() -> {
            boolean absent = !set.contains(1);
            if (absent) {
                set.add(1);
            }
            return absent;
        });
    }

    /** A class of the program that extends one of the JDK. */
    private static final class Registry extends ConcurrentHashMap<String, Integer> {
        private static final long serialVersionUID = 1L;

        @Override
        public Integer put(String key, Integer value) {
            return value < 0 ? null : super.put(key, value);
        }
    }

    public static String subclass() throws InterruptedException {
        Map<String, Integer> map = new Registry();
        return onlyOne(() -> {
            boolean absent = map.get("a") == null;
            if (absent) {
                map.put("a", 1);
            }
            return absent;
        });
    }

    private static final class Jobs extends ConcurrentLinkedQueue<Integer> {
        private static final long serialVersionUID = 1L;
    }

    public static String subclassOfQueue() throws InterruptedException {
        Queue<Integer> queue = new Jobs();
        return onlyOne(() -> queue.peek() == null && queue.offer(1));
    }

    /** A view that was made before. */
    public static String keySet() throws InterruptedException {
        AbstractMap<Integer, Integer> map = new ConcurrentHashMap<>(Map.of(1, 1));
        Set<Integer> keys = map.keySet();
        return onlyOne(() -> {
            boolean present = keys.contains(1);
            if (present) {
                keys.remove(1);
            }
            return present;
        });
    }

    /** The JDK walks through what it is given. */
    public static String copied() throws InterruptedException {
        Map<String, Integer> map = new ConcurrentHashMap<>();
        Collection<Integer> values = map.values();
        Tasks.run(
                () -> {
                    List<Integer> before = new ArrayList<>(values);
                    List<Integer> after = new ArrayList<>(values);
                    Tasks.check(before.equals(after), "changed meanwhile");
                },
                () -> map.put("a", 1));
        return "";
    }

    /** What the JDK adds for the program. */
    public static String addedByCollections() throws InterruptedException {
        Queue<Integer> queue = new ConcurrentLinkedQueue<>();
        return onlyOne(() -> queue.isEmpty() && Collections.addAll(queue, 1));
    }

    /** A sublist is the list, and its iterator is a snapshot. */
    @Fails("java.util.ConcurrentModificationException")
    public static String subListOfCopyOnWrite() throws InterruptedException {
        List<Integer> list = new CopyOnWriteArrayList<>(List.of(1, 2));
        List<Integer> part = list.subList(0, 1);
        Tasks.run(() -> part.set(0, part.get(0) + 1), () -> list.set(0, 5));
        return "";
    }

    public static String keys() throws InterruptedException {
        ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>(Map.of(1, 1));
        return onlyOne(() -> {
            Enumeration<Integer> keys = map.keys();
            if (!keys.hasMoreElements()) {
                return false;
            }
            map.remove(keys.nextElement());
            return true;
        });
    }
}
