package programs;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/** Two threads, one of which reaches a variable in another way than by its name. */
public final class Handles {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final VarHandle ELEMENTS = MethodHandles.arrayElementVarHandle(int[].class);

    private static int shared;

    private int value;
    private volatile int flag;
    private volatile long wide;

    private Handles() {}

    private interface Write {
        void to(Handles object, int value) throws Throwable;
    }

    private interface Read {
        int of(Handles object) throws Throwable;
    }

    private static String twoWritesAndRead(Write write, Read read) throws InterruptedException {
        Handles object = new Handles();
        int[] seen = new int[1];
        Tasks.run(
                () -> {
                    try {
                        write.to(object, 1);
                        write.to(object, 2);
                    } catch (Throwable e) {
                        throw new AssertionError(e);
                    }
                },
                () -> {
                    try {
                        seen[0] = read.of(object);
                    } catch (Throwable e) {
                        throw new AssertionError(e);
                    }
                });
        return "" + seen[0];
    }

    public static String variable() throws Exception {
        VarHandle value = LOOKUP.findVarHandle(Handles.class, "value", int.class);
        return twoWritesAndRead((o, v) -> value.setOpaque(o, v), o -> (int) value.getOpaque(o));
    }

    public static String variableAndName() throws Exception {
        VarHandle value = LOOKUP.findVarHandle(Handles.class, "value", int.class);
        return twoWritesAndRead((o, v) -> o.value = v, o -> (int) value.get(o));
    }

    public static String volatileAndName() throws Exception {
        VarHandle flag = LOOKUP.findVarHandle(Handles.class, "flag", int.class);
        return twoWritesAndRead((o, v) -> flag.setVolatile(o, v), o -> o.flag);
    }

    public static String staticVariable() throws Exception {
        VarHandle field = LOOKUP.findStaticVarHandle(Handles.class, "shared", int.class);
        shared = 0;
        return twoWritesAndRead((o, v) -> field.setOpaque(v), o -> shared);
    }

    public static String element() throws InterruptedException {
        int[] array = new int[1];
        return twoWritesAndRead((o, v) -> array[0] = v, o -> (int) ELEMENTS.getAcquire(array, 0));
    }

    public static String reflected() throws Exception {
        Field field = Handles.class.getDeclaredField("value");
        return twoWritesAndRead(field::setInt, field::getInt);
    }

    public static String reflectedAndName() throws Exception {
        Field field = Handles.class.getDeclaredField("value");
        return twoWritesAndRead((o, v) -> o.value = v, field::getInt);
    }

    public static String method() throws Exception {
        MethodHandle get = LOOKUP.findGetter(Handles.class, "value", int.class);
        MethodHandle set = LOOKUP.findSetter(Handles.class, "value", int.class);
        return twoWritesAndRead(
                (o, v) -> {
                    set.invokeExact(o, v);
                },
                o -> (int) get.invokeExact(o));
    }

    public static String methodAndName() throws Exception {
        MethodHandle set = LOOKUP.findStaticSetter(Handles.class, "shared", int.class);
        shared = 0;
        return twoWritesAndRead(
                (o, v) -> {
                    set.invokeExact(v);
                },
                o -> shared);
    }

    public static String methodOfElement() throws InterruptedException {
        MethodHandle get = MethodHandles.arrayElementGetter(int[].class);
        int[] array = new int[1];
        return twoWritesAndRead((o, v) -> array[0] = v, o -> (int) get.invokeExact(array, 0));
    }

    public static String updaterAndName() throws InterruptedException {
        AtomicIntegerFieldUpdater<Handles> flag =
                AtomicIntegerFieldUpdater.newUpdater(Handles.class, "flag");
        return twoWritesAndRead((o, v) -> flag.getAndAdd(o, 1), o -> o.flag);
    }

    public static String updaterAndHandle() throws Exception {
        AtomicLongFieldUpdater<Handles> wide =
                AtomicLongFieldUpdater.newUpdater(Handles.class, "wide");
        VarHandle handle = LOOKUP.findVarHandle(Handles.class, "wide", long.class);
        return twoWritesAndRead(
                (o, v) -> wide.updateAndGet(o, old -> v), o -> (int) (long) handle.getVolatile(o));
    }
}
