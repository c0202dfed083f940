package programs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Two threads, one of which uses a collection by way of a part of it. */
public final class Parts {
    private Parts() {}

    private static String run(Object collection, Tasks.Body... bodies) throws InterruptedException {
        String[] ends = new String[bodies.length];
        Tasks.Body[] tasks = new Tasks.Body[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            int task = i;
            tasks[i] =
                    () -> {
                        try {
                            bodies[task].run();
                            ends[task] = "done";
                        } catch (RuntimeException e) {
                            ends[task] = e.getClass().getSimpleName();
                        }
                    };
        }
        Tasks.run(tasks);
        return collection + " " + String.join(" ", ends);
    }

    public static String iteratorAndAdd() throws InterruptedException {
        List<Integer> list = new ArrayList<>(4);
        list.add(1);
        Iterator<Integer> all = list.iterator();
        return run(list, all::next, () -> list.add(2));
    }

    public static String keySetRemoveAndPut() throws InterruptedException {
        Map<Integer, Integer> map = new HashMap<>(Map.of(1, 1));
        Set<Integer> keys = map.keySet();
        return run(map, () -> keys.remove(1), () -> map.put(2, 2));
    }

    public static String subListAndAdd() throws InterruptedException {
        List<Integer> list = new ArrayList<>(4);
        list.add(1);
        List<Integer> part = list.subList(0, 1);
        return run(list, () -> part.set(0, 3), () -> list.add(2));
    }

    public static String subMapAndRemove() throws InterruptedException {
        TreeMap<Integer, Integer> map = new TreeMap<>(Map.of(1, 1));
        Map<Integer, Integer> part = map.headMap(2);
        return run(map, () -> part.put(1, 2), () -> map.remove(1));
    }

    public static String concurrentIteratorAndPut() throws InterruptedException {
        Map<Integer, Integer> map = new ConcurrentHashMap<>(Map.of(1, 1, 2, 1));
        int[] sum = new int[1];
        String end =
                run(
                        map,
                        () -> {
                            for (int value : map.values()) {
                                sum[0] += value;
                            }
                        },
                        () -> {
                            map.put(1, 10);
                            map.put(2, 100);
                        });
        return end + sum[0];
    }

    public static String queueIteratorAndPoll() throws InterruptedException {
        Queue<Integer> queue = new ConcurrentLinkedQueue<>(List.of(1, 2));
        return run(
                queue,
                () -> {
                    Iterator<Integer> all = queue.iterator();
                    all.next();
                    all.next();
                    all.remove();
                },
                () -> {
                    queue.poll();
                    queue.add(3);
                });
    }

    public static String entryAndRemove() throws InterruptedException {
        Map<Integer, Integer> map = new ConcurrentHashMap<>(Map.of(1, 1));
        Map.Entry<Integer, Integer> entry = map.entrySet().iterator().next();
        return run(map, () -> entry.setValue(2), () -> map.remove(1));
    }
}
