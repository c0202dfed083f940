package org.selvage.checker.specification;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Order and immutable containers of the values in histories. */
public final class Values {
    /**
     * The response of taking from an empty queue, stack or priority queue; null and "nil" mean the
     * same.
     */
    public static final String EMPTY = "empty";

    private Values() {}

    /** True for a response that says that there was nothing to take. */
    public static boolean isEmpty(@Nullable Object response) {
        return response == null || EMPTY.equals(response);
    }

    /**
     * True for a response that says yes, or says nothing: many histories leave the response of a
     * success out, or repeat the argument.
     */
    public static boolean isSuccess(@Nullable Object response, @Nullable Object argument) {
        return response == null
                || Boolean.TRUE.equals(response)
                || "ok".equals(response)
                || response.equals(argument);
    }

    /**
     * A total order: null, then booleans, numbers by value, strings, and everything else by its
     * text. Values that are equal compare as 0.
     */
    public static int compare(@Nullable Object a, @Nullable Object b) {
        int rank = Integer.compare(rank(a), rank(b));
        if (rank != 0 || a == null || b == null) {
            return rank;
        }
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof Number x && b instanceof Number y) {
            int order = Double.compare(x.doubleValue(), y.doubleValue());
            return order != 0 ? order : x.getClass().getName().compareTo(y.getClass().getName());
        }
        if (a instanceof Boolean x && b instanceof Boolean y) {
            return Boolean.compare(x, y);
        }
        return a.toString().compareTo(b.toString());
    }

    /**
     * The number of a value that counts something, or {@code otherwise} when it is not an integral
     * number.
     */
    public static long number(@Nullable Object value, long otherwise) {
        return value instanceof Long
                        || value instanceof Integer
                        || value instanceof Short
                        || value instanceof Byte
                ? ((Number) value).longValue()
                : otherwise;
    }

    /** The list with one more value at its end. */
    public static List<@Nullable Object> append(
            List<@Nullable Object> list, @Nullable Object value) {
        List<@Nullable Object> next = new ArrayList<>(list.size() + 1);
        next.addAll(list);
        next.add(value);
        return Collections.unmodifiableList(next);
    }

    /** The list without the value at {@code position}. */
    public static List<@Nullable Object> without(List<@Nullable Object> list, int position) {
        List<@Nullable Object> next = new ArrayList<>(list);
        next.remove(position);
        return Collections.unmodifiableList(next);
    }

    /** An empty sorted map of values. */
    public static <V> SortedMap<Object, V> sortedMap() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(Values::compare));
    }

    /** The map with one more entry. */
    public static <V> SortedMap<Object, V> with(SortedMap<Object, V> map, Object key, V value) {
        SortedMap<Object, V> next = new TreeMap<>(map);
        next.put(key, value);
        return Collections.unmodifiableSortedMap(next);
    }

    /** The map without a key. */
    public static <V> SortedMap<Object, V> without(SortedMap<Object, V> map, Object key) {
        SortedMap<Object, V> next = new TreeMap<>(map);
        next.remove(key);
        return Collections.unmodifiableSortedMap(next);
    }

    private static int rank(@Nullable Object value) {
        if (value == null) {
            return 0;
        }
        if (value instanceof Boolean) {
            return 1;
        }
        if (value instanceof Number) {
            return 2;
        }
        return value instanceof String ? 3 : 4;
    }
}
