package programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/** Concurrent collections. */
public final class Collections {
    private volatile int value;

    private Collections() {}

    /** Two tasks add to one map in steps that are each whole. */
    public static String map() throws InterruptedException {
        ConcurrentMap<String, Integer> map = new ConcurrentHashMap<>();
        Tasks.Body body =
                () -> {
                    map.merge("a", 1, Integer::sum);
                    map.compute("b", (k, v) -> v == null ? 1 : v + 1);
                    map.putIfAbsent("c", 7);
                };
        Tasks.run(body, body);
        return map.get("a") + " " + map.get("b") + " " + map.get("c") + " " + map.size();
    }

    /** Looking and then putting is not whole. */
    public static String mapCheckThenAct() throws InterruptedException {
        ConcurrentHashMap<String, String> map = new ConcurrentHashMap<>();
        Tasks.Body body =
                () -> {
                    if (!map.containsKey("k")) {
                        String before = map.put("k", Thread.currentThread().getName());
                        Tasks.check(before == null, "replaced");
                    }
                };
        Tasks.run(body, body);
        return "" + map.size();
    }

    /**
     * The function given to a map touches shared state of its own while another task writes the
     * same bin.
     */
    public static String mapCallback() throws InterruptedException {
        Collections p = new Collections();
        ConcurrentHashMap<Key, Integer> map = new ConcurrentHashMap<>();
        Tasks.run(
                () ->
                        map.computeIfAbsent(
                                new Key("a"),
                                k -> {
                                    p.value = p.value + 1;
                                    return p.value;
                                }),
                () -> map.put(new Key("b"), 2),
                () -> map.computeIfPresent(new Key("a"), (k, v) -> v + p.value),
                () -> map.remove(new Key("b")));
        return "" + map.get(new Key("a"));
    }

    /** Equality and hash code that read shared state. */
    private static final class Key {
        private final String name;
        private volatile int hash;

        Key(String name) {
            this.name = name;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.name.equals(name) && key.hash == hash;
        }
    }

    private static String transfer(BlockingQueue<Integer> queue) throws InterruptedException {
        List<Integer> got = new ArrayList<>();
        Tasks.run(
                () -> {
                    for (int i = 0; i < 3; i++) {
                        queue.put(i);
                    }
                },
                () -> {
                    for (int i = 0; i < 3; i++) {
                        got.add(queue.take());
                    }
                });
        return got.toString();
    }

    /** A queue hands all over in order. */
    public static String arrayBlockingQueue() throws InterruptedException {
        return transfer(new ArrayBlockingQueue<>(1));
    }

    /** A queue hands all over in order. */
    public static String linkedBlockingQueue() throws InterruptedException {
        return transfer(new LinkedBlockingQueue<>(2));
    }

    /** A queue hands all over in order. */
    public static String linkedBlockingDeque() throws InterruptedException {
        return transfer(new LinkedBlockingDeque<>(1));
    }

    /** A queue hands all over in order. */
    public static String synchronousQueue() throws InterruptedException {
        return transfer(new SynchronousQueue<>());
    }

    /** A queue hands all over in order. */
    public static String linkedTransferQueue() throws InterruptedException {
        return transfer(new LinkedTransferQueue<>());
    }

    /** A queue hands over by priority. */
    public static String priorityBlockingQueue() throws InterruptedException {
        return transfer(new PriorityBlockingQueue<>());
    }

    private record Later(int id, long dueNanos) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(dueNanos, ((Later) other).dueNanos);
        }
    }

    /** A delay queue hands over when the time has come. */
    public static String delayQueue() throws InterruptedException {
        DelayQueue<Later> queue = new DelayQueue<>();
        long now = System.nanoTime();
        queue.put(new Later(2, now + 2_000_000_000L));
        queue.put(new Later(1, now + 1_000_000_000L));
        int[] got = new int[2];
        Tasks.run(
                () -> got[0] = queue.take().id(),
                () -> {
                    Thread.sleep(1_500);
                    got[1] = queue.take().id();
                });
        return got[0] + " " + got[1] + " " + (System.nanoTime() - now) / 1_000_000_000L;
    }

    /** Timed offers and polls give up in virtual time. */
    public static String timedQueue() throws InterruptedException {
        BlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
        long begin = System.nanoTime();
        String none = queue.poll(1, TimeUnit.SECONDS);
        queue.put("a");
        boolean full = queue.offer("b", 1, TimeUnit.SECONDS);
        return none + " " + full + " " + (System.nanoTime() - begin) / 1_000_000_000L;
    }

    /** An interrupt ends a take. */
    public static String interruptedTake() throws InterruptedException {
        Collections p = new Collections();
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        Thread taker =
                Tasks.start(
                        "taker",
                        () -> {
                            try {
                                queue.take();
                            } catch (InterruptedException e) {
                                p.value = 1;
                            }
                        });
        taker.interrupt();
        taker.join();
        return "" + p.value;
    }

    /** Nobody puts. */
    public static String takeDeadlock() throws InterruptedException {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        Tasks.run(queue::take);
        return "";
    }

    /** Two consumers of a queue without blocking. */
    public static String linkedQueue() throws InterruptedException {
        ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>(List.of(1, 2));
        int[] got = new int[2];
        Tasks.run(() -> got[0] = queue.poll(), () -> got[1] = queue.poll());
        return got[0] + " " + got[1];
    }

    /** A list that is copied on each write. */
    public static String copyOnWrite() throws InterruptedException {
        CopyOnWriteArrayList<Integer> list = new CopyOnWriteArrayList<>();
        int[] seen = {0};
        Tasks.run(
                () -> list.add(1),
                () -> list.addIfAbsent(1),
                () -> {
                    for (int i : list) {
                        seen[0] += i;
                    }
                });
        Tasks.check(seen[0] <= list.size(), "saw more");
        return "" + list.size();
    }
}
