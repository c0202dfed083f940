package programs.wrong;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;
import programs.Fails;
import programs.Tasks;

/** Updates of what is not reached by its name, read and written in two steps. */
public final class Indirect {
    private static final VarHandle SHARED = shared();
    private static final VarHandle ELEMENTS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle BUFFER =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static int shared;

    private int plain;
    private volatile long wide;

    private Indirect() {}

    private static VarHandle shared() {
        try {
            return MethodHandles.lookup().findStaticVarHandle(Indirect.class, "shared", int.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A plain field by reflection. */
    public static String reflectedField() throws Exception {
        Indirect p = new Indirect();
        Field field = Indirect.class.getDeclaredField("plain");
        Tasks.Body body = () -> field.setInt(p, field.getInt(p) + 1);
        Tasks.run(body, body);
        Tasks.check(p.plain == 2, "plain=" + p.plain);
        return "";
    }

    /** A volatile field by reflection, boxed. */
    public static String reflectedVolatile() throws Exception {
        Indirect p = new Indirect();
        Field field = Indirect.class.getDeclaredField("wide");
        Tasks.Body body = () -> field.set(p, (Long) field.get(p) + 1);
        Tasks.run(body, body);
        Tasks.check(p.wide == 2, "wide=" + p.wide);
        return "";
    }

    /** A static field by reflection. */
    public static String reflectedStatic() throws Exception {
        Field field = Indirect.class.getDeclaredField("shared");
        Tasks.Body body = () -> field.setInt(null, field.getInt(null) + 1);
        Tasks.run(body, body);
        Tasks.check(shared == 2, "shared=" + shared);
        return "";
    }

    /** An element of an array by reflection. */
    public static String reflectedElement() throws InterruptedException {
        long[] array = new long[1];
        Tasks.Body body = () -> Array.setLong(array, 0, Array.getLong(array, 0) + 1);
        Tasks.run(body, body);
        Tasks.check(array[0] == 2, "element=" + array[0]);
        return "";
    }

    /** A static field by a handle. */
    public static String staticHandle() throws InterruptedException {
        Tasks.Body body = () -> SHARED.setOpaque((int) SHARED.getOpaque() + 1);
        Tasks.run(body, body);
        Tasks.check(shared == 2, "shared=" + shared);
        return "";
    }

    /** An element of an array by a handle. */
    public static String elementHandle() throws InterruptedException {
        long[] array = new long[1];
        Tasks.Body body = () -> ELEMENTS.set(array, 0, (long) ELEMENTS.get(array, 0) + 1);
        Tasks.run(body, body);
        Tasks.check(array[0] == 2, "element=" + array[0]);
        return "";
    }

    private interface Access {
        void run() throws Throwable;
    }

    private static Tasks.Body body(Access access) {
        return () -> {
            try {
                access.run();
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        };
    }

    /** A field by handles of methods. */
    public static String fieldByMethodHandle() throws Exception {
        Indirect p = new Indirect();
        MethodHandle get = MethodHandles.lookup().findGetter(Indirect.class, "plain", int.class);
        MethodHandle set = MethodHandles.lookup().findSetter(Indirect.class, "plain", int.class);
        Tasks.Body body =
                body(() -> {
                    set.invokeExact(p, (int) get.invokeExact(p) + 1);
                });
        Tasks.run(body, body);
        Tasks.check(p.plain == 2, "plain=" + p.plain);
        return "";
    }

    /** A static field by handles of methods that reflection gave. */
    public static String staticByMethodHandle() throws Exception {
        Field field = Indirect.class.getDeclaredField("shared");
        MethodHandle get = MethodHandles.lookup().unreflectGetter(field);
        MethodHandle set = MethodHandles.lookup().unreflectSetter(field);
        Tasks.Body body = body(() -> set.invoke((int) get.invoke() + 1));
        Tasks.run(body, body);
        Tasks.check(shared == 2, "shared=" + shared);
        return "";
    }

    /** An element by handles of methods. */
    public static String elementByMethodHandle() throws Exception {
        long[] array = new long[1];
        MethodHandle get = MethodHandles.arrayElementGetter(long[].class);
        MethodHandle set = MethodHandles.arrayElementSetter(long[].class);
        Tasks.Body body =
                body(() -> {
                    set.invokeExact(array, 0, (long) get.invokeExact(array, 0) + 1);
                });
        Tasks.run(body, body);
        Tasks.check(array[0] == 2, "element=" + array[0]);
        return "";
    }

    /** A field by a handle that is bound to the object. */
    public static String boundHandle() throws Exception {
        Indirect p = new Indirect();
        VarHandle wide = MethodHandles.lookup().findVarHandle(Indirect.class, "wide", long.class);
        VarHandle bound = MethodHandles.insertCoordinates(wide, 0, p);
        Tasks.Body body = () -> bound.setVolatile((long) bound.getVolatile() + 1);
        Tasks.run(body, body);
        Tasks.check(p.wide == 2, "wide=" + p.wide);
        return "";
    }

    /** Bytes of an array as a number. */
    public static String byteView() throws InterruptedException {
        byte[] bytes = new byte[16];
        Tasks.Body body = () -> BYTES.set(bytes, 0, (long) BYTES.get(bytes, 0) + 1);
        Tasks.run(body, body);
        Tasks.check((long) BYTES.get(bytes, 0) == 2, "bytes=" + bytes[0]);
        return "";
    }

    /** Bytes outside the heap as a number. */
    public static String bufferView() throws InterruptedException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(16);
        Tasks.Body body =
                () -> BUFFER.setVolatile(bytes, 0, (long) BUFFER.getVolatile(bytes, 0) + 1);
        Tasks.run(body, body);
        Tasks.check((long) BUFFER.get(bytes, 0) == 2, "bytes");
        return "";
    }

    /** Counts threads, of which one may have ended. */
    public static String countsThreads() throws InterruptedException {
        Thread thread = Tasks.start("t", () -> {});
        int count = Thread.activeCount();
        thread.join();
        Tasks.check(count == 2, "count=" + count);
        return "";
    }

    /** Interrupts a group, of which one thread is yet to be started. */
    @Fails("deadlock: main joining on")
    public static String interruptsGroup() throws InterruptedException {
        ThreadGroup group = new ThreadGroup("g");
        Thread[] inner = new Thread[1];
        Thread outer =
                new Thread(
                        group,
                        () -> {
                            inner[0] = new Thread(group, LockSupport::park);
                            inner[0].start();
                        });
        outer.start();
        group.interrupt();
        outer.join();
        inner[0].join();
        return "";
    }
}
