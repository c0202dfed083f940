package programs.right;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import programs.Tasks;

/** Collections of the JDK that are not meant to be shared, guarded, handed over or confined. */
public final class GuardedCollections {
    private static final ThreadLocal<List<Integer>> OWN = ThreadLocal.withInitial(ArrayList::new);

    private volatile List<Integer> published;

    private GuardedCollections() {}

    /** Each kind under one monitor. */
    public static String underMonitor() throws InterruptedException {
        List<Collection<Integer>> kinds =
                List.of(
                        new ArrayList<>(),
                        new LinkedList<>(),
                        new ArrayDeque<>(),
                        new HashSet<>(),
                        new PriorityQueue<>());
        Tasks.run(() -> addAll(kinds, 1), () -> addAll(kinds, 2));
        for (Collection<Integer> kind : kinds) {
            Tasks.check(kind.size() == 2, "" + kind);
        }
        return "";
    }

    /** Maps that not many use, each under one monitor, and parts of others. */
    public static String lessCommonUnderMonitor() throws InterruptedException {
        TreeMap<Thread.State, Integer> tree = new TreeMap<>();
        List<Integer> list = new ArrayList<>(List.of(0, 0));
        List<Map<Thread.State, Integer>> maps =
                List.of(
                        new EnumMap<>(Thread.State.class),
                        new IdentityHashMap<>(),
                        new WeakHashMap<>(),
                        tree.descendingMap(),
                        tree.headMap(Thread.State.TERMINATED));
        Set<Thread.State> states = EnumSet.noneOf(Thread.State.class);
        Tasks.Body body =
                () -> {
                    for (Map<Thread.State, Integer> map : maps) {
                        synchronized (maps) {
                            int before = map.values().size();
                            map.merge(Thread.State.NEW, 1, Integer::sum);
                            Tasks.check(map.keySet().size() >= before, "" + map);
                            states.add(before == 0 ? Thread.State.NEW : Thread.State.BLOCKED);
                            list.subList(1, 2).replaceAll(n -> n + 1);
                        }
                    }
                };
        Tasks.run(body, body);
        for (Map<Thread.State, Integer> map : maps) {
            Tasks.check(
                    map.get(Thread.State.NEW) == (map instanceof NavigableMap ? 4 : 2), "" + map);
        }
        Tasks.check(states.size() == 2 && list.get(1) == 10, "" + states + list);
        return "";
    }

    private static void addAll(List<Collection<Integer>> kinds, int value) {
        for (Collection<Integer> kind : kinds) {
            synchronized (kinds) {
                kind.add(value);
                Tasks.check(new ArrayList<>(kind).contains(value), "" + kind);
            }
        }
    }

    /** Maps under a lock. */
    public static String underLock() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        List<Map<String, Integer>> maps =
                List.of(new HashMap<>(), new LinkedHashMap<>(8, 0.75f, true), new TreeMap<>());
        BitSet bits = new BitSet();
        Tasks.Body body =
                () -> {
                    for (Map<String, Integer> map : maps) {
                        lock.lock();
                        try {
                            map.merge("a", 1, Integer::sum);
                            map.putIfAbsent("b", map.size());
                            bits.set(map.get("a"));
                        } finally {
                            lock.unlock();
                        }
                    }
                };
        Tasks.run(body, body);
        for (Map<String, Integer> map : maps) {
            Tasks.check(map.get("a") == 2, "" + map);
        }
        Tasks.check(bits.cardinality() == 2, "" + bits);
        return "";
    }

    /** Read by readers, written by a writer. */
    public static String underReadWriteLock() throws InterruptedException {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        Map<Integer, Integer> map = new HashMap<>(Map.of(1, 1));
        Tasks.Body read =
                () -> {
                    lock.readLock().lock();
                    int sum = 0;
                    for (Map.Entry<Integer, Integer> e : map.entrySet()) {
                        sum += e.getKey() - e.getValue();
                    }
                    Tasks.check(sum == 0, "sum=" + sum);
                    lock.readLock().unlock();
                };
        Tasks.run(
                read,
                read,
                () -> {
                    lock.writeLock().lock();
                    map.put(2, 2);
                    lock.writeLock().unlock();
                });
        return "";
    }

    /** Handed over by a queue. */
    public static String handedOver() throws InterruptedException {
        BlockingQueue<List<Integer>> queue = new LinkedBlockingQueue<>();
        Tasks.run(
                () -> {
                    List<Integer> list = new ArrayList<>();
                    list.add(1);
                    queue.put(list);
                },
                () -> {
                    List<Integer> list = queue.take();
                    list.add(2);
                    Tasks.check(list.equals(List.of(1, 2)), "" + list);
                });
        return "";
    }

    /** Handed over by a volatile field. */
    public static String published() throws InterruptedException {
        GuardedCollections p = new GuardedCollections();
        Tasks.run(
                () -> {
                    List<Integer> list = new ArrayList<>();
                    list.add(1);
                    list.add(2);
                    p.published = list;
                },
                () -> {
                    List<Integer> seen = p.published;
                    if (seen != null) {
                        seen.add(3);
                        Tasks.check(seen.size() == 3, "" + seen);
                    }
                });
        return "";
    }

    /** Filled before the start, looked at after the join, by the latch in between. */
    public static String startLatchAndJoin() throws InterruptedException {
        Deque<Integer> deque = new ArrayDeque<>();
        deque.add(1);
        CountDownLatch latch = new CountDownLatch(1);
        Tasks.run(
                () -> {
                    deque.add(2);
                    latch.countDown();
                },
                () -> {
                    latch.await();
                    deque.add(3);
                });
        deque.add(4);
        Tasks.check(List.copyOf(deque).equals(List.of(1, 2, 3, 4)), "" + deque);
        return "";
    }

    /** Each thread has its own. */
    public static String confined() throws InterruptedException {
        Tasks.Body body =
                () -> {
                    Map<Integer, List<Integer>> groups = new TreeMap<>();
                    for (int i = 0; i < 4; i++) {
                        groups.computeIfAbsent(i % 2, k -> new ArrayList<>()).add(i);
                        OWN.get().add(i);
                    }
                    Tasks.check(groups.get(0).equals(List.of(0, 2)), "" + groups);
                    Tasks.check(OWN.get().size() == 4, "" + OWN.get());
                    OWN.remove();
                };
        Tasks.run(body, body);
        return "";
    }

    /** Many read what nobody writes, and make views of it. */
    public static String readOnly() throws InterruptedException {
        Map<Integer, Integer> map = new HashMap<>(Map.of(1, 1, 2, 2));
        TreeMap<Integer, Integer> tree = new TreeMap<>(map);
        List<Integer> list = Collections.unmodifiableList(new ArrayList<>(List.of(1, 2)));
        Tasks.Body body =
                () -> {
                    Tasks.check(map.keySet().contains(1) && map.values().contains(2), "" + map);
                    Tasks.check(tree.navigableKeySet().first() == 1, "" + tree);
                    Tasks.check(tree.descendingMap().firstKey() == 2, "" + tree);
                    Tasks.check(list.contains(1) && list.iterator().next() == 1, "" + list);
                    Tasks.check(map.entrySet().size() == 2, "" + map);
                };
        Tasks.run(body, body, body);
        return "";
    }

    /** Views that synchronize, and collections that always did. */
    public static String synchronizedOnes() throws InterruptedException {
        List<Integer> list = Collections.synchronizedList(new ArrayList<>());
        Map<Integer, Integer> map = Collections.synchronizedMap(new HashMap<>());
        List<Integer> vector = new Vector<>();
        Tasks.Body body =
                () -> {
                    list.add(1);
                    map.merge(1, 1, Integer::sum);
                    vector.add(1);
                };
        Tasks.run(body, body);
        synchronized (list) {
            Iterator<Integer> it = list.iterator();
            it.next();
            it.next();
        }
        Tasks.check(map.get(1) == 2 && vector.size() == 2, "" + map + vector);
        return "";
    }

    /** Lists in a concurrent map, which only its own methods touch. */
    public static String listsUnderCompute() throws InterruptedException {
        ConcurrentHashMap<Integer, List<Integer>> map = new ConcurrentHashMap<>();
        Tasks.Body body =
                () ->
                        map.compute(
                                1,
                                (k, v) -> {
                                    List<Integer> list = v == null ? new ArrayList<>() : v;
                                    list.add(k);
                                    return list;
                                });
        Tasks.run(body, body);
        Tasks.check(map.get(1).size() == 2, "" + map);
        return "";
    }

    /** What the JDK keeps for itself in such collections. */
    public static String jdkInside() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    String text = String.format(Locale.ROOT, "%d %s", 1, List.of(1));
                    Tasks.check(text.equals("1 [1]"), text);
                    Supplier<Set<Integer>> set =
                            () -> Stream.of(3, 1, 2).collect(Collectors.toSet());
                    Tasks.check(set.get().size() == 3, "" + set.get());
                    for (Runnable none : ServiceLoader.load(Runnable.class)) {
                        none.run();
                    }
                    Tasks.check(System.getenv().get("no such name") == null, "");
                    seen.addAndGet(Arrays.asList(1, 2).stream().mapToInt(i -> i).sum());
                };
        Tasks.run(body, body);
        Tasks.check(seen.get() == 6, "" + seen);
        return "";
    }
}
