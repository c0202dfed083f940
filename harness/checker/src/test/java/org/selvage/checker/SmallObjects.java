package org.selvage.checker;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;

/**
 * Small concurrent objects, each once correct and once with a step that is not atomic. Their
 * operations are named as the checker's specifications name them.
 */
final class SmallObjects {
    private SmallObjects() {}

    /** A counter that counts every addition. */
    @Param(name = "n", gen = IntGen.class, conf = "1:2")
    public static final class AtomicCounter {
        private final AtomicInteger count = new AtomicInteger();

        @Operation
        public void add(@Param(name = "n") int n) {
            count.addAndGet(n);
        }

        @Operation
        public int read() {
            return count.get();
        }
    }

    /** A counter that loses additions. */
    @Param(name = "n", gen = IntGen.class, conf = "1:2")
    public static final class LosingCounter {
        private volatile int count;

        @Operation
        @SuppressWarnings("NonAtomicVolatileUpdate") // the defect
        public void add(@Param(name = "n") int n) {
            count += n;
        }

        @Operation
        public int read() {
            return count;
        }
    }

    /** A register with compare-and-set. */
    @Param(name = "n", gen = IntGen.class, conf = "1:2")
    public static final class AtomicRegister {
        private final AtomicReference<@Nullable Integer> value = new AtomicReference<>();

        @Operation
        public void write(@Param(name = "n") int n) {
            value.set(n);
        }

        @Operation
        public @Nullable Integer read() {
            return value.get();
        }

        @Operation
        @SuppressWarnings("PrimitiveAtomicReference") // compared with what was just read
        public boolean cas(@Param(name = "n") int from, @Param(name = "n") int to) {
            Integer seen = value.get();
            return seen != null && seen == from && value.compareAndSet(seen, to);
        }
    }

    /** A register that compares and sets in two steps. */
    @Param(name = "n", gen = IntGen.class, conf = "1:2")
    public static final class TornRegister {
        private volatile @Nullable Integer value;

        @Operation
        public void write(@Param(name = "n") int n) {
            value = n;
        }

        @Operation
        public @Nullable Integer read() {
            return value;
        }

        @Operation
        public boolean cas(@Param(name = "n") int from, @Param(name = "n") int to) {
            Integer seen = value;
            if (seen == null || seen != from) {
                return false;
            }
            value = to;
            return true;
        }
    }

    /** A queue of the JDK. */
    @Param(name = "n", gen = IntGen.class, conf = "1:3")
    public static final class LinkedQueue {
        private final Queue<Integer> queue = new ConcurrentLinkedQueue<>();

        @Operation
        public void enqueue(@Param(name = "n") int n) {
            queue.add(n);
        }

        @Operation
        public @Nullable Integer dequeue() {
            return queue.poll();
        }
    }

    /** A queue that looks at its head and takes it in two steps. */
    @Param(name = "n", gen = IntGen.class, conf = "1:3")
    public static final class PeekingQueue {
        private final ArrayDeque<Integer> queue = new ArrayDeque<>();

        @Operation
        public synchronized void enqueue(@Param(name = "n") int n) {
            queue.add(n);
        }

        @Operation
        public @Nullable Integer dequeue() {
            Integer head;
            synchronized (this) {
                head = queue.peek();
            }
            synchronized (this) {
                queue.poll();
            }
            return head;
        }
    }

    private record Node(int value, @Nullable Node next) {}

    /** Treiber's stack. */
    @Param(name = "n", gen = IntGen.class, conf = "1:3")
    public static final class TreiberStack {
        private final AtomicReference<@Nullable Node> top = new AtomicReference<>();

        @Operation
        public void push(@Param(name = "n") int n) {
            Node below;
            do {
                below = top.get();
            } while (!top.compareAndSet(below, new Node(n, below)));
        }

        @Operation
        public @Nullable Integer pop() {
            while (true) {
                Node node = top.get();
                if (node == null) {
                    return null;
                }
                if (top.compareAndSet(node, node.next())) {
                    return node.value();
                }
            }
        }
    }

    /** The same with a pop that does not compare. */
    @Param(name = "n", gen = IntGen.class, conf = "1:3")
    public static final class CarelessStack {
        private final AtomicReference<@Nullable Node> top = new AtomicReference<>();

        @Operation
        public void push(@Param(name = "n") int n) {
            Node below;
            do {
                below = top.get();
            } while (!top.compareAndSet(below, new Node(n, below)));
        }

        @Operation
        public @Nullable Integer pop() {
            Node node = top.get();
            if (node == null) {
                return null;
            }
            top.set(node.next());
            return node.value();
        }
    }

    /** A set of the JDK. */
    @Param(name = "n", gen = IntGen.class, conf = "1:1")
    public static final class HashedSet {
        private final Set<Integer> set = ConcurrentHashMap.newKeySet();

        @Operation
        public boolean add(@Param(name = "n") int n) {
            return set.add(n);
        }

        @Operation
        public boolean remove(@Param(name = "n") int n) {
            return set.remove(n);
        }

        @Operation
        public boolean contains(@Param(name = "n") int n) {
            return set.contains(n);
        }
    }

    /** A set that looks before it adds or removes. */
    @Param(name = "n", gen = IntGen.class, conf = "1:1")
    public static final class LookingSet {
        private final Set<Integer> set = ConcurrentHashMap.newKeySet();

        @Operation
        public boolean add(@Param(name = "n") int n) {
            if (set.contains(n)) {
                return false;
            }
            set.add(n);
            return true;
        }

        @Operation
        public boolean remove(@Param(name = "n") int n) {
            boolean held = set.contains(n);
            set.remove(n);
            return held;
        }

        @Operation
        public boolean contains(@Param(name = "n") int n) {
            return set.contains(n);
        }
    }

    /** A map of the JDK. */
    @Param(name = "n", gen = IntGen.class, conf = "1:2")
    public static final class HashedMap {
        private final Map<Integer, Integer> map = new ConcurrentHashMap<>();

        @Operation
        public void put(@Param(name = "n") int key, @Param(name = "n") int value) {
            map.put(key, value);
        }

        @Operation
        public @Nullable Integer get(@Param(name = "n") int key) {
            return map.get(key);
        }

        @Operation
        public void delete(@Param(name = "n") int key) {
            map.remove(key);
        }
    }

    /** A map whose put removes the entry before it sets it. */
    @Param(name = "n", gen = IntGen.class, conf = "1:2")
    public static final class FlickeringMap {
        private final Map<Integer, Integer> map = new ConcurrentHashMap<>();

        @Operation
        public void put(@Param(name = "n") int key, @Param(name = "n") int value) {
            map.remove(key);
            map.put(key, value);
        }

        @Operation
        public @Nullable Integer get(@Param(name = "n") int key) {
            return map.get(key);
        }

        @Operation
        public void delete(@Param(name = "n") int key) {
            map.remove(key);
        }
    }
}
