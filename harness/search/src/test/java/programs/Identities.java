package programs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

/** Objects whose hash code the JVM would draw at random. */
public final class Identities {
    private Identities() {}

    private static class Key {}

    private static final class Heir extends Key {
        @Override
        public int hashCode() {
            return super.hashCode() + 1;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    private static final class Worker extends Thread {}

    private static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private record Pair(Object a, Object b) {}

    private enum Constant {
        A,
        B
    }

    private static Object make(int kind) {
        return switch (kind) {
            case 0 -> new Key();
            case 1 -> new Object();
            case 2 -> new int[1];
            case 3 -> new AtomicInteger();
            case 4 -> (Runnable) () -> System.identityHashCode(kind);
            case 5 -> new Heir();
            case 6 -> new Worker();
            case 7 -> new Thread(() -> {});
            case 8 -> new Failure();
            case 9 -> new Key[0];
            default -> new ReentrantLock();
        };
    }

    private static List<Object> objects() {
        List<Object> objects = new ArrayList<>();
        for (int i = 0; i < 22; i++) {
            objects.add(make(i % 11));
        }
        return objects;
    }

    private static String order(List<Object> objects, Collection<?> found) {
        StringBuilder order = new StringBuilder();
        for (Object object : found) {
            order.append(' ').append(objects.indexOf(object));
        }
        return order.toString();
    }

    /** The order of elements in tables. */
    public static String tables() {
        List<Object> objects = objects();
        Set<Object> set = new HashSet<>(objects);
        Map<Object, Object> concurrent = new ConcurrentHashMap<>();
        Map<Object, Object> identity = new IdentityHashMap<>();
        Map<Object, Object> old = new Hashtable<>();
        Map<Object, Object> map = new HashMap<>();
        for (Object object : objects) {
            concurrent.put(object, object);
            identity.put(object, object);
            old.put(object, object);
            map.put(object, object);
        }
        for (Object object : objects) {
            if (!set.contains(object)
                    || map.get(object) != object
                    || old.get(object) != object
                    || concurrent.get(object) != object
                    || identity.get(object) != object) {
                throw new AssertionError("lost " + object);
            }
        }
        return order(objects, set)
                + order(objects, concurrent.keySet())
                + order(objects, identity.keySet())
                + order(objects, old.keySet())
                + order(objects, map.keySet())
                + order(objects, Set.of(objects.toArray()));
    }

    /** The numbers themselves, and that all ways lead to the same one. */
    public static String numbers() {
        StringBuilder all = new StringBuilder();
        ToIntFunction<Object> asked = System::identityHashCode;
        ToIntFunction<Object> reference = Object::hashCode;
        for (Object object : objects()) {
            int hash = object.hashCode();
            all.append(' ').append(hash);
            boolean same = reference.applyAsInt(object) == hash && Objects.hashCode(object) == hash;
            if (!same || (!(object instanceof Heir) && asked.applyAsInt(object) != hash)) {
                throw new AssertionError(object + " " + hash);
            }
        }
        Key key = new Key();
        if (!key.toString().endsWith("@" + Integer.toHexString(key.hashCode()))) {
            throw new AssertionError(key.toString());
        }
        Object lock = new Object();
        if (Constant.A.hashCode() == Constant.B.hashCode()
                || new Pair(key, lock).hashCode() != new Pair(key, lock).hashCode()) {
            throw new AssertionError("records and constants");
        }
        return all + key.toString() + new Pair(key, lock).hashCode();
    }

    /** Several tasks ask, in whatever order. */
    public static String asked() throws InterruptedException {
        Key[] keys = {new Key(), new Key(), new Key()};
        AtomicInteger turns = new AtomicInteger();
        int[] seen = new int[2];
        Thread a = new Thread(() -> seen[0] = keys[turns.getAndIncrement()].hashCode());
        Thread b = new Thread(() -> seen[1] = keys[turns.getAndIncrement()].hashCode());
        a.start();
        b.start();
        a.join();
        b.join();
        return (keys[0].hashCode() < keys[1].hashCode()) + " " + (seen[0] == seen[1]);
    }
}
