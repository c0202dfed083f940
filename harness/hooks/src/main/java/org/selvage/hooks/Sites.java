package org.selvage.hooks;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The places in the program from which operations are issued. The weaver registers them, woven code
 * carries their ids.
 *
 * <p>The table only grows and an entry never changes, so it may be shared by all searches of a JVM.
 * Ids depend on the order in which classes are woven and must not leave the JVM: a schedule names
 * sites by their text.
 */
public final class Sites {
    private static volatile Site[] sites = new Site[1024];
    private static int count = 1;
    private static final Map<String, Integer> NAMES = new HashMap<>();
    private static final Map<Long, Integer> PARTS = new HashMap<>();
    private static final Map<String, Integer> FIELDS = new HashMap<>();
    private static final Map<Long, Integer> ACCESSES = new HashMap<>();

    private Sites() {}

    /**
     * One place in the program.
     *
     * @param className binary name of the class
     * @param method name of the method
     * @param line source line, or 0 if the class file has none
     * @param target the field or method that the place names, such as {@code FilSpace.stopNewOps};
     *     interned, as it stands for a static variable
     */
    public record Site(String className, String method, int line, String target) {
        /** The place as {@code Class.method:line}, with the class's simple name. */
        public String place() {
            return simpleName(className) + "." + method + (line > 0 ? ":" + line : "");
        }

        private static String simpleName(String name) {
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }

    private static final Site UNKNOWN = new Site("?", "?", 0, "");

    /** Registers a place and returns its id, which is positive. */
    public static synchronized int register(
            String className, String method, int line, String target) {
        Site[] table = sites;
        if (count == table.length) {
            table = Arrays.copyOf(table, count * 2);
        }
        table[count] = new Site(className, method, line, target.intern());
        sites = table;
        return count++;
    }

    /**
     * The id that stands for a field; always the same one.
     *
     * @param declaring the binary name of the class that declares it
     */
    public static synchronized int field(String declaring, String name) {
        String key = declaring + "." + name;
        Integer known = FIELDS.get(key);
        if (known == null) {
            known = register(declaring, "", 0, key.substring(declaring.lastIndexOf('.') + 1));
            FIELDS.put(key, known);
        }
        return known;
    }

    /** A place at which this field is accessed; always the same id. */
    public static synchronized int toField(int from, int field) {
        Long key = (long) from << Integer.SIZE | field;
        Integer known = ACCESSES.get(key);
        if (known == null) {
            Site place = get(from);
            known = register(place.className(), place.method(), place.line(), get(field).target());
            ACCESSES.put(key, known);
        }
        return known;
    }

    /** The id that stands for a name alone; always the same one. */
    public static synchronized int named(String target) {
        Integer known = NAMES.get(target); // no lambda: the agent's start would pay for it
        if (known == null) {
            known = register("", "", 0, target);
            NAMES.put(target, known);
        }
        return known;
    }

    /**
     * A part of what the call at a place is made on: {@code Basket.items.add} and {@code
     * ArrayList.size} become {@code Basket.items (ArrayList.size)}. Returns its id, always the same
     * one.
     */
    public static synchronized int part(int call, int part) {
        return PARTS.computeIfAbsent((long) call << Integer.SIZE | part, key -> join(call, part));
    }

    private static int join(int call, int part) {
        Site place = get(call);
        String target = place.target();
        int dot = target.lastIndexOf('.');
        String receiver = dot < 0 ? target : target.substring(0, dot);
        return register(
                place.className(),
                place.method(),
                place.line(),
                receiver + " (" + get(part).target() + ")");
    }

    /** The place with this id; for 0, a place whose names are {@code ?}. */
    public static Site get(int id) {
        return id == 0 ? UNKNOWN : sites[id];
    }
}
