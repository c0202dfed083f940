package programs.right;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicMarkableReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.atomic.AtomicStampedReference;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import programs.Tasks;

/** Shared memory in every form that Java has, used so that nothing is lost or seen half made. */
public final class Memory {
    private static final VarHandle COUNT = handle("count", int.class);
    private static final VarHandle NODE = handle("node", Object.class);
    private static final VarHandle ELEMENTS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle BYTES =
            MethodHandles.byteArrayViewVarHandle(int[].class, java.nio.ByteOrder.nativeOrder());
    private static final AtomicIntegerFieldUpdater<Memory> INT =
            AtomicIntegerFieldUpdater.newUpdater(Memory.class, "updated");
    private static final AtomicLongFieldUpdater<Memory> LONG =
            AtomicLongFieldUpdater.newUpdater(Memory.class, "updatedLong");
    private static final AtomicReferenceFieldUpdater<Memory, String> TEXT =
            AtomicReferenceFieldUpdater.newUpdater(Memory.class, String.class, "text");

    private static volatile boolean published;
    private static int payload;

    private int count;
    private Object node;
    private volatile int updated;
    private volatile long updatedLong;
    private volatile String text = "";
    private int plain;
    private volatile boolean ready;

    private Memory() {}

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Memory.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A volatile flag publishes what was written before it. */
    public static String volatilePublishes() throws InterruptedException {
        Memory m = new Memory();
        Tasks.run(
                () -> {
                    m.plain = 42;
                    m.ready = true;
                },
                () -> Tasks.check(!m.ready || m.plain == 42, "half published"));
        return "";
    }

    /** The same with statics. */
    public static String staticPublishes() throws InterruptedException {
        payload = 0;
        published = false;
        Tasks.run(
                () -> {
                    payload = 42;
                    published = true;
                },
                () -> Tasks.check(!published || payload == 42, "half published"));
        return "";
    }

    private static final class Immutable {
        private final int a;
        private final int[] b;

        Immutable(int a) {
            this.a = a;
            this.b = new int[] {a, a};
        }
    }

    /** Final fields are whole in whatever way the object was handed over. */
    public static String finalFields() throws InterruptedException {
        Immutable[] box = new Immutable[1];
        Tasks.run(
                () -> box[0] = new Immutable(3),
                () -> {
                    Immutable seen = box[0];
                    Tasks.check(seen == null || (seen.a == 3 && seen.b[1] == 3), "half made");
                });
        return "";
    }

    private static final class Holder {
        private static int made;
        private static final Holder INSTANCE = new Holder();

        private final int number = ++made;
    }

    /** A class is initialised once, by whoever comes first. */
    public static String lazyHolder() throws InterruptedException {
        Tasks.Body body = () -> Tasks.check(Holder.INSTANCE.number == 1, "made twice");
        Tasks.run(body, body, body);
        return "";
    }

    private enum Single {
        INSTANCE;

        private final AtomicInteger calls = new AtomicInteger();
    }

    /** An enum is one object; its state is new in each execution. */
    public static String enumSingleton() throws InterruptedException {
        Tasks.run(Single.INSTANCE.calls::incrementAndGet, Single.INSTANCE.calls::incrementAndGet);
        Tasks.check(Single.INSTANCE.calls.get() == 2, "calls=" + Single.INSTANCE.calls);
        return "";
    }

    private static volatile Immutable lazy;

    private static Immutable lazily() {
        Immutable seen = lazy;
        if (seen == null) {
            synchronized (Memory.class) {
                seen = lazy;
                if (seen == null) {
                    seen = new Immutable(5);
                    lazy = seen;
                }
            }
        }
        return seen;
    }

    /** Double-checked locking with a volatile field. */
    public static String doubleChecked() throws InterruptedException {
        Immutable[] seen = new Immutable[2];
        Tasks.run(() -> seen[0] = lazily(), () -> seen[1] = lazily());
        Tasks.check(seen[0] == seen[1] && seen[0].a == 5, "made twice");
        return "";
    }

    /** Each task has its own elements. */
    public static String ownElements() throws InterruptedException {
        long[] parts = new long[3];
        Tasks.Body[] bodies = new Tasks.Body[3];
        for (int i = 0; i < bodies.length; i++) {
            int id = i;
            bodies[i] =
                    () -> {
                        for (int n = 0; n < 5; n++) {
                            parts[id] += n;
                        }
                    };
        }
        Tasks.run(bodies);
        Tasks.check(parts[0] + parts[1] + parts[2] == 30, "sum");
        return "";
    }

    /** A handle's atomic modes add up. */
    public static String handleUpdates() throws InterruptedException {
        Memory m = new Memory();
        Tasks.run(
                () -> {
                    COUNT.getAndAdd(m, 1);
                    COUNT.getAndAddAcquire(m, 1);
                    COUNT.getAndAddRelease(m, 1);
                },
                () -> {
                    int seen;
                    do {
                        seen = (int) COUNT.getVolatile(m);
                    } while (!COUNT.compareAndSet(m, seen, seen + 10));
                    do {
                        seen = (int) COUNT.getOpaque(m);
                    } while (!COUNT.weakCompareAndSet(m, seen, seen + 10));
                    do {
                        seen = (int) COUNT.getAcquire(m);
                    } while ((int) COUNT.compareAndExchange(m, seen, seen + 10) != seen);
                });
        Tasks.check((int) COUNT.get(m) == 33, "count=" + m.count);
        Tasks.check((int) COUNT.getAndBitwiseOr(m, 64) == 33, "or");
        Tasks.check((int) COUNT.getAndBitwiseAnd(m, 64) == 97, "and");
        Tasks.check((int) COUNT.getAndBitwiseXor(m, 65) == 64, "xor");
        Tasks.check((int) COUNT.getAndSet(m, 5) == 1, "set");
        return "";
    }

    /** Each mode of a handle that reads and writes in one step. */
    public static String handleModes() throws InterruptedException {
        Memory m = new Memory();
        Tasks.Body body =
                () -> {
                    int seen;
                    do {
                        seen = (int) COUNT.getVolatile(m);
                    } while (!COUNT.weakCompareAndSetAcquire(m, seen, seen + 1));
                    do {
                        seen = (int) COUNT.getVolatile(m);
                    } while (!COUNT.weakCompareAndSetRelease(m, seen, seen + 1));
                    do {
                        seen = (int) COUNT.getVolatile(m);
                    } while ((int) COUNT.compareAndExchangeAcquire(m, seen, seen + 1) != seen);
                    do {
                        seen = (int) COUNT.getVolatile(m);
                    } while ((int) COUNT.compareAndExchangeRelease(m, seen, seen + 1) != seen);
                };
        Tasks.run(body, body);
        Tasks.check((int) COUNT.getAndBitwiseOrAcquire(m, 16) == 8, "or");
        Tasks.check((int) COUNT.getAndBitwiseOrRelease(m, 32) == 24, "or");
        Tasks.check((int) COUNT.getAndBitwiseAndAcquire(m, 48) == 56, "and");
        Tasks.check((int) COUNT.getAndBitwiseAndRelease(m, 16) == 48, "and");
        Tasks.check((int) COUNT.getAndBitwiseXorAcquire(m, 1) == 16, "xor");
        Tasks.check((int) COUNT.getAndBitwiseXorRelease(m, 16) == 17, "xor");
        Tasks.check((int) COUNT.getAndSetAcquire(m, 5) == 1, "set");
        Tasks.check((int) COUNT.getAndSetRelease(m, 6) == 5, "set");
        COUNT.setVolatile(m, 7);
        COUNT.setOpaque(m, (int) COUNT.getOpaque(m) + 1);
        Tasks.check((int) COUNT.getAcquire(m) == 8, "opaque");
        return "";
    }

    /** Swapped in and out through a handle: nobody gets what another one got. */
    public static String handleExchange() throws InterruptedException {
        Memory m = new Memory();
        NODE.set(m, "only");
        AtomicInteger got = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    if (NODE.getAndSet(m, null) != null) {
                        got.incrementAndGet();
                    }
                };
        Tasks.run(body, body);
        Tasks.check(got.get() == 1, "got=" + got);
        return "";
    }

    /** By reflection, under a monitor. */
    public static String reflection() throws Exception {
        Memory m = new Memory();
        Field field = Memory.class.getDeclaredField("plain");
        int[] array = new int[1];
        Tasks.Body body =
                () -> {
                    synchronized (m) {
                        field.setInt(m, field.getInt(m) + 1);
                        Array.setInt(array, 0, (Integer) Array.get(array, 0) + 1);
                    }
                };
        Tasks.run(body, body);
        Tasks.check(m.plain == 2 && array[0] == 2, m.plain + " " + array[0]);
        return "";
    }

    /** Release and acquire publish. */
    public static String releaseAcquire() throws InterruptedException {
        Memory m = new Memory();
        Tasks.run(
                () -> {
                    m.plain = 42;
                    NODE.setRelease(m, "ready");
                },
                () -> {
                    Object seen = NODE.getAcquire(m);
                    Tasks.check(seen == null || m.plain == 42, "half published");
                });
        return "";
    }

    /** Elements of an array through a handle, and bytes as ints. */
    public static String handleElements() throws InterruptedException {
        int[] array = new int[2];
        byte[] bytes = new byte[8];
        Tasks.Body body =
                () -> {
                    ELEMENTS.getAndAdd(array, 1, 2);
                    int seen;
                    do {
                        seen = (int) ELEMENTS.getVolatile(array, 0);
                    } while (!ELEMENTS.weakCompareAndSetPlain(array, 0, seen, seen + 1));
                    synchronized (bytes) {
                        BYTES.set(bytes, 4, (int) BYTES.get(bytes, 4) + 1);
                    }
                };
        Tasks.run(body, body);
        Tasks.check(array[0] == 2 && array[1] == 4, array[0] + " " + array[1]);
        Tasks.check((int) BYTES.get(bytes, 4) == 2, "bytes");
        return "";
    }

    /** Field updaters of every type. */
    public static String fieldUpdaters() throws InterruptedException {
        Memory m = new Memory();
        Tasks.Body body =
                () -> {
                    INT.incrementAndGet(m);
                    LONG.updateAndGet(m, x -> x + 2);
                    String seen;
                    do {
                        seen = m.text;
                    } while (!TEXT.compareAndSet(m, seen, seen + "x"));
                };
        Tasks.run(body, body);
        Tasks.check(m.updated == 2 && m.updatedLong == 4 && m.text.equals("xx"), m.text);
        return "";
    }

    /** Adders and accumulators. */
    public static String adders() throws InterruptedException {
        LongAdder adder = new LongAdder();
        DoubleAdder doubles = new DoubleAdder();
        LongAccumulator max = new LongAccumulator(Math::max, 0);
        DoubleAccumulator min = new DoubleAccumulator(Math::min, 9);
        Tasks.run(
                () -> {
                    adder.increment();
                    doubles.add(0.5);
                    max.accumulate(3);
                    min.accumulate(3);
                },
                () -> {
                    adder.add(2);
                    doubles.add(0.25);
                    max.accumulate(7);
                    min.accumulate(7);
                });
        Tasks.check(adder.sumThenReset() == 3 && adder.sum() == 0, "adder");
        Tasks.check(doubles.sum() == 0.75 && max.get() == 7 && min.get() == 3, "doubles");
        return "";
    }

    /** Atomic numbers: each update counts once. */
    public static String atomics() throws InterruptedException {
        AtomicInteger number = new AtomicInteger();
        AtomicLong wide = new AtomicLong();
        AtomicIntegerArray array = new AtomicIntegerArray(2);
        Tasks.Body body =
                () -> {
                    number.updateAndGet(x -> x + 1);
                    wide.accumulateAndGet(5, Long::sum);
                    array.getAndIncrement(1);
                };
        Tasks.run(body, body);
        Tasks.check(number.get() == 2 && wide.get() == 10 && array.get(1) == 2, "" + array);
        return "";
    }

    /** A swap of references, with a mark and with a stamp. */
    public static String references() throws InterruptedException {
        AtomicReference<String> text = new AtomicReference<>("");
        AtomicStampedReference<String> stamped = new AtomicStampedReference<>("a", 0);
        AtomicMarkableReference<String> marked = new AtomicMarkableReference<>("a", false);
        AtomicInteger won = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    text.accumulateAndGet("x", String::concat);
                    won.addAndGet(stamped.compareAndSet("a", "a", 0, 1) ? 1 : 0);
                    won.addAndGet(marked.attemptMark("a", true) ? 0 : 100);
                };
        Tasks.run(body, body);
        Tasks.check(text.get().equals("xx"), text.get());
        Tasks.check(won.get() == 1 && stamped.getStamp() == 1 && marked.isMarked(), "won=" + won);
        return "";
    }

    /** A lock of one bit that waits by spinning. */
    public static String spinLock() throws InterruptedException {
        AtomicBoolean locked = new AtomicBoolean();
        Memory m = new Memory();
        Tasks.Body body =
                () -> {
                    while (locked.get() || !locked.compareAndSet(false, true)) {
                        Thread.onSpinWait();
                    }
                    m.plain++;
                    locked.set(false);
                };
        Tasks.run(body, body);
        Tasks.check(m.plain == 2, "plain=" + m.plain);
        return "";
    }

    /** Coherence: what was read once is never unread. */
    public static String coherence() throws InterruptedException {
        Memory m = new Memory();
        Tasks.run(
                () -> {
                    m.updated = 1;
                    m.updated = 2;
                },
                () -> {
                    int first = m.updated;
                    Tasks.check(m.updated >= first, "went back");
                });
        return "";
    }

    /** Handles of methods that get and set fields and elements, under a lock. */
    public static String methodHandles() throws Exception {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle get = lookup.findGetter(Memory.class, "plain", int.class);
        MethodHandle set = lookup.findSetter(Memory.class, "plain", int.class);
        MethodHandle element = MethodHandles.arrayElementSetter(int[].class);
        MethodHandle statics = lookup.findStaticSetter(Memory.class, "payload", int.class);
        Memory m = new Memory();
        int[] array = new int[1];
        Tasks.Body body =
                () -> {
                    synchronized (m) {
                        try {
                            set.invokeExact(m, (int) get.invokeExact(m) + 1);
                            element.invokeExact(array, 0, array[0] + 1);
                            statics.invoke(m.plain);
                        } catch (Throwable e) {
                            throw new AssertionError(e);
                        }
                    }
                };
        Tasks.run(body, body);
        Tasks.check(m.plain == 2 && array[0] == 2 && payload == 2, "lost");
        return "";
    }

    /** A field that is reached by name, by handle, by reflection and by an updater. */
    public static String everyWay() throws Exception {
        Memory m = new Memory();
        Field field = Memory.class.getDeclaredField("updated");
        VarHandle handle = MethodHandles.lookup().findVarHandle(Memory.class, "updated", int.class);
        Tasks.run(
                () -> INT.incrementAndGet(m),
                () -> Tasks.check((int) handle.getAndAdd(m, 1) >= 0, "negative"),
                () -> {
                    int seen = m.updated;
                    Tasks.check(seen <= field.getInt(m), "runs backwards");
                });
        Tasks.check(m.updated == 2, "lost");
        return "";
    }
}
