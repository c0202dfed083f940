package programs.wrong;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.WeakHashMap;
import programs.Fails;
import programs.Tasks;

/** Collections of the JDK that are not meant to be shared, shared without a lock. */
public final class UnguardedCollections {
    private UnguardedCollections() {}

    private static String bothAdded(Collection<Integer> collection) throws InterruptedException {
        Tasks.run(() -> collection.add(1), () -> collection.add(2));
        Tasks.check(collection.size() == 2, "size=" + collection.size());
        return "";
    }

    private static String bothPut(Map<String, Integer> map) throws InterruptedException {
        Tasks.run(() -> map.put("a", 1), () -> map.put("b", 2));
        Tasks.check(map.size() == 2, "size=" + map.size());
        return "";
    }

    /** An element is lost. */
    public static String arrayListLosesElement() throws InterruptedException {
        return bothAdded(new ArrayList<>());
    }

    /** The array is an old one, the size a new one. */
    @Fails("java.lang.AssertionError: out of bounds")
    public static String arrayListOutOfBounds() throws InterruptedException {
        List<Integer> list = new ArrayList<>(1);
        Tasks.run(
                () -> {
                    try {
                        list.add(1);
                    } catch (ArrayIndexOutOfBoundsException e) {
                        throw new AssertionError("out of bounds", e);
                    }
                },
                () -> {
                    list.add(2);
                    list.add(3);
                });
        return "";
    }

    /** Gone between the look at the size and the access. */
    @Fails("java.lang.IndexOutOfBoundsException: Index 0")
    public static String goneBeforeGet() throws InterruptedException {
        List<Integer> list = new ArrayList<>(List.of(1));
        Tasks.run(
                () -> {
                    if (!list.isEmpty()) {
                        list.get(0);
                    }
                },
                () -> list.remove(0));
        return "";
    }

    /** Both see that the element is not there. */
    public static String checkThenAdd() throws InterruptedException {
        List<Integer> list = new ArrayList<>(2);
        Tasks.Body body =
                () -> {
                    if (!list.contains(1)) {
                        list.add(1);
                    }
                };
        Tasks.run(body, body);
        Tasks.check(list.size() == 1, "size=" + list.size());
        return "";
    }

    /** Iterates while another one adds. */
    @Fails("java.util.ConcurrentModificationException")
    public static String iterateWhileAdding() throws InterruptedException {
        List<Integer> list = new ArrayList<>(List.of(1, 2));
        int[] sum = new int[1];
        Tasks.run(
                () -> {
                    for (int i : list) {
                        sum[0] += i;
                    }
                },
                () -> list.add(3));
        return "";
    }

    /** The JDK iterates, in a call that is not on the collection. */
    public static String copyWhileRemoving() throws InterruptedException {
        Set<Integer> set = new HashSet<>(List.of(1, 2));
        Tasks.run(
                () -> Tasks.check(!new ArrayList<>(set).contains(null), "null"),
                () -> set.remove(1));
        return "";
    }

    /** Sorted by one, added to by another one. */
    @Fails("java.util.ConcurrentModificationException")
    public static String sortWhileAdding() throws InterruptedException {
        List<Integer> list = new ArrayList<>(List.of(2, 1));
        Tasks.run(() -> Collections.sort(list), () -> list.add(0));
        return "";
    }

    /** A mapping is lost. */
    public static String hashMapLosesMapping() throws InterruptedException {
        return bothPut(new HashMap<>());
    }

    /** Another one resizes. */
    public static String hashMapResizes() throws InterruptedException {
        Map<Integer, Integer> map = new HashMap<>(2);
        map.put(0, 0);
        Tasks.run(
                () -> map.put(1, 1),
                () -> Tasks.check(map.get(0) != null, "a mapping is out of sight"));
        return "";
    }

    /** Both see that the mapping is not there. */
    public static String checkThenPut() throws InterruptedException {
        Map<String, Integer> map = new HashMap<>();
        int[] puts = new int[2];
        Tasks.run(
                () -> {
                    if (!map.containsKey("a")) {
                        map.put("a", 1);
                        puts[0]++;
                    }
                },
                () -> {
                    if (!map.containsKey("a")) {
                        map.put("a", 2);
                        puts[1]++;
                    }
                });
        Tasks.check(puts[0] + puts[1] == 1, "both put");
        return "";
    }

    /** A count in a map. */
    public static String mergedTwice() throws InterruptedException {
        Map<String, Integer> map = new HashMap<>(Map.of("a", 0));
        Tasks.Body body = () -> map.merge("a", 1, Integer::sum);
        Tasks.run(body, body);
        Tasks.check(map.get("a") == 2, "" + map);
        return "";
    }

    /** A set is a map. */
    public static String hashSetLosesElement() throws InterruptedException {
        return bothAdded(new HashSet<>());
    }

    /** The list that goes through the table. */
    public static String linkedHashSetLosesElement() throws InterruptedException {
        Set<Integer> set = new LinkedHashSet<>();
        Tasks.run(() -> set.add(1), () -> set.add(2));
        int seen = 0;
        for (int i : set) {
            seen += i;
        }
        Tasks.check(seen == 3, "seen=" + seen);
        return "";
    }

    /** To read changes the order in which entries were used. */
    @Fails({"java.lang.NullPointerException", Fails.CHECK})
    public static String leastRecentlyUsed() throws InterruptedException {
        Map<Integer, Integer> cache = new LinkedHashMap<>(8, 0.75f, true);
        cache.put(1, 1);
        cache.put(2, 2);
        cache.put(3, 3);
        Tasks.run(() -> cache.get(1), () -> cache.get(2));
        Tasks.check(List.copyOf(cache.keySet()).size() == 3, "" + cache.keySet());
        int first = cache.keySet().iterator().next();
        Tasks.check(first == 3, "first=" + first);
        return "";
    }

    /** Two nodes in one place. */
    public static String linkedListLosesElement() throws InterruptedException {
        return bothAdded(new LinkedList<>());
    }

    /** An element is taken twice, and then the next one by nobody. */
    public static String polledTwice() throws InterruptedException {
        Queue<Integer> queue = new ArrayDeque<>(List.of(1, 2));
        Integer[] polled = new Integer[2];
        Tasks.run(() -> polled[0] = queue.poll(), () -> polled[1] = queue.poll());
        Set<Integer> all = new HashSet<>(Arrays.asList(polled));
        Tasks.check(all.equals(Set.of(1, 2)), "polled " + all);
        return "";
    }

    /** Balancing a tree. */
    public static String treeMapLosesMapping() throws InterruptedException {
        return bothPut(new TreeMap<>());
    }

    /** A set is a map. */
    public static String treeSetLosesElement() throws InterruptedException {
        return bothAdded(new TreeSet<>());
    }

    /** Two sift up from one place. */
    public static String priorityQueueLosesElement() throws InterruptedException {
        return bothAdded(new PriorityQueue<>());
    }

    /** Bits of one word. */
    public static String bitSetLosesBit() throws InterruptedException {
        BitSet bits = new BitSet(8);
        Tasks.run(() -> bits.set(1), () -> bits.set(2));
        Tasks.check(bits.cardinality() == 2, "" + bits);
        return "";
    }

    /** A subclass of the program. */
    public static String subclassLosesElement() throws InterruptedException {
        return bothAdded(new Checked());
    }

    private static final class Checked extends ArrayList<Integer> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean add(Integer element) {
            return element != null && super.add(element);
        }
    }

    /** By a method reference. */
    public static String addedByReference() throws InterruptedException {
        List<Integer> list = new ArrayList<>();
        Tasks.run(() -> List.of(1).forEach(list::add), () -> List.of(2).forEach(list::add));
        Tasks.check(list.size() == 2, "size=" + list.size());
        return "";
    }

    /** Part of a list. */
    public static String subListLosesUpdate() throws InterruptedException {
        List<Integer> list = new ArrayList<>(List.of(0, 0));
        List<Integer> part = list.subList(1, 2);
        Tasks.run(() -> part.set(0, part.get(0) + 1), () -> list.set(1, list.get(1) + 1));
        Tasks.check(list.get(1) == 2, "" + list);
        return "";
    }

    /** Part of a list is iterated, and the list changes. */
    @Fails("java.util.ConcurrentModificationException")
    public static String subListWhileAdding() throws InterruptedException {
        List<Integer> list = new ArrayList<>(List.of(1, 2));
        List<Integer> part = list.subList(0, 1);
        int[] sum = new int[1];
        Tasks.run(
                () -> {
                    for (int i : part) {
                        sum[0] += i;
                    }
                },
                () -> list.add(3));
        return "";
    }

    /** Part of a tree. */
    public static String subMapLosesMapping() throws InterruptedException {
        return bothPut(new TreeMap<String, Integer>().subMap("a", "z"));
    }

    /** A tree backwards. */
    @Fails("java.util.ConcurrentModificationException")
    public static String descendingMapWhileAdding() throws InterruptedException {
        TreeMap<Integer, Integer> map = new TreeMap<>(Map.of(1, 1, 2, 2));
        int[] sum = new int[1];
        Tasks.run(
                () -> {
                    for (int i : map.descendingMap().values()) {
                        sum[0] += i;
                    }
                },
                () -> map.put(3, 3));
        return "";
    }

    /** The first key of what is gone. */
    @Fails("java.util.NoSuchElementException")
    public static String subMapFirstKey() throws InterruptedException {
        TreeMap<Integer, Integer> map = new TreeMap<>(Map.of(1, 1));
        Tasks.run(
                () -> {
                    if (!map.headMap(5, true).isEmpty()) {
                        map.headMap(5, true).firstKey();
                    }
                },
                () -> map.remove(1));
        return "";
    }

    public static String identityHashMapLosesMapping() throws InterruptedException {
        return bothPut(new IdentityHashMap<>());
    }

    public static String weakHashMapLosesMapping() throws InterruptedException {
        return bothPut(new WeakHashMap<>());
    }

    private enum Color {
        RED,
        BLUE
    }

    /** The size is counted once. */
    public static String enumMapLosesMapping() throws InterruptedException {
        Map<Color, Integer> map = new EnumMap<>(Color.class);
        Tasks.run(() -> map.put(Color.RED, 1), () -> map.put(Color.BLUE, 2));
        Tasks.check(map.size() == 2, "size=" + map.size());
        return "";
    }

    /** Bits of one word. */
    public static String enumSetLosesElement() throws InterruptedException {
        EnumSet<Color> set = EnumSet.noneOf(Color.class);
        Tasks.run(() -> set.add(Color.RED), () -> set.add(Color.BLUE));
        Tasks.check(set.size() == 2, "" + set);
        return "";
    }
}
